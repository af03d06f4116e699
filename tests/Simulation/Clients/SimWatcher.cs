using Quorate.Core;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Node.Access;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Clients;

/// <summary>
/// Watches the keys with a prefix, and writes some. Every now and then it is cut off, sometimes for long, and goes on from the
/// last revision that it was told: at the same gateway, at another, or at one that has just begun.
/// </summary>
internal sealed class SimWatcher
{
    private const double ThinkTime = 40 * Duration.Millisecond;
    private const double ShortCut = 50 * Duration.Millisecond;
    private const double LongCut = 2 * Duration.Second;

    private readonly World _world;
    private readonly SeededRandom _random;
    private readonly string _name;
    private readonly string _prefix;
    private SimGateway _gateway;
    private KvWatch _watch;
    private long? _version;
    private bool _goesOn;

    public SimWatcher(World world, int number, SimGateway gateway, SeededRandom random)
    {
        (_world, _gateway, _random, _name) = (world, gateway, random, $"watcher{number}");
        _prefix = random.Pick(["", "", "k", "k1"]);
        _watch = gateway.Watch(_prefix);
        Rest();
    }

    private void Rest() => _world.Time.After(_random.Exponential(ThinkTime), Act);

    private void Act()
    {
        if (_random.Chance(0.15))
        {
            _world.Time.After(_random.Exponential(_random.Chance(0.1) ? LongCut : ShortCut), Resume);
            return;
        }

        Pull(caughtUp: true);
        if (_random.Chance(0.4))
        {
            Write();
        }

        Rest();
    }

    // Without waiting for the answer: a watcher that waits watches little.
    private void Write()
    {
        var key = $"k1/{_random.Below(3)}";
        Command command = _random.Chance(0.2) ? new KvDelete(key, null) : new KvPut(key, null, null, new[] { (byte)_random.Below(256) });
        _gateway.Execute(command, null, null, _ => { });
    }

    private void Resume()
    {
        _goesOn = true;
        _gateway = _random.Below(3) switch
        {
            0 => _gateway,
            1 => _random.Pick(_world.Gateways),
            _ => _world.BeginGateway(_random.Fork()) ?? _random.Pick(_world.Gateways),
        };
        _watch = _gateway.Watch(_prefix);

        // As a gateway has it: one that is behind asks first for what the watcher saw elsewhere.
        if (_version > _gateway.Peek(state => state.AppliedIndex.Value))
        {
            _gateway.Read(state =>
            {
                Pull(caughtUp: state is not null);
                Rest();
            });
            return;
        }

        Pull(caughtUp: true);
        Rest();
    }

    /// <param name="caughtUp">Whether the gateway is at least where the watcher is.</param>
    private void Pull(bool caughtUp)
    {
        if (_version is not { } version)
        {
            _version = _gateway.Peek(state => state.AppliedIndex.Value);
            return;
        }

        KvWatchStep? step;
        do
        {
            step = _gateway.Peek(state => _watch.Next(state, Asked(state, version)));
            _goesOn = false;
            _world.Check.Oracle.Keys.Told($"{_name} of '{_prefix}'", _prefix, version, step, _gateway.Peek(state => state.AppliedIndex.Value), caughtUp);
            if (step is not null)
            {
                _world.Trace.Note(version, step.Version, 10, $"{_name} of '{_prefix}' has {version} and is told {(step.Changes is { } changes ? $"{changes.Count} changes" : "that it missed some")} up to {step.Version}");
                version = step.Version;
            }
        }
        while (step?.HasMore == true);

        _version = version;
    }

    /// <summary>From where on it asks.</summary>
    private long Asked(ClusterState state, long version) =>
        _goesOn && _world.Swarm.Mutation == Mutation.WatchSkipsRevision ? Math.Min(version + 1, Math.Max(version, state.AppliedIndex.Value)) : version;
}
