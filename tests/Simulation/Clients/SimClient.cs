using System.Text;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Simulation.Histories;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Clients;

/// <summary>
/// One client: does one thing after the other with keys, locks and its session, and notes what it was told. The parts for locks and
/// sessions are in files of their own.
/// </summary>
internal sealed partial class SimClient
{
    private const int Keys = 4;
    private const int MaxRetries = 3;
    private const double ThinkTime = 30 * Duration.Millisecond;

    private readonly World _world;
    private readonly SimGateway _gateway;
    private readonly SeededRandom _random;
    private readonly string _name;
    private readonly Dictionary<string, (string Value, long Revision)> _known = [];
    private int _writes;
    private bool _isFinishing;

    public SimClient(World world, int number, SimGateway gateway, SeededRandom random)
    {
        _world = world;
        _gateway = gateway;
        _random = random;
        _name = $"c{number}";
        Rest();
    }

    /// <summary>Its last write, made after the cluster was healed, was acknowledged.</summary>
    public bool HasFinished { get; private set; }

    /// <summary>From now on only writes until one succeeds.</summary>
    public void Finish() => _isFinishing = true;

    private void Rest() => _world.Time.After(_random.Exponential(ThinkTime), Act);

    private void Act()
    {
        if (_isFinishing)
        {
            Put(AnyKey(), retry: Retry.None);
            return;
        }

        switch (_random.Below(100))
        {
            case < 35:
                Get(AnyKey());
                break;
            case < 50:
                Put(AnyKey(), Retry.None);
                break;
            case < 58:
                Put(AnyKey(), Retry.ByKey);
                break;
            case < 66:
                Put(AnyKey(), Retry.InSession);
                break;
            case < 80:
                PutIf(AnyKey());
                break;
            case < 84:
                Delete(AnyKey());
                break;
            case < 88:
                PutWithTtl();
                break;
            default:
                UseLock();
                break;
        }
    }

    private string AnyKey() => $"k{_random.Below(Keys)}";

    private string NewValue() => $"{_name}.{++_writes}";

    private void Get(string key)
    {
        var called = _world.History.Call();
        _gateway.Read(state =>
        {
            if (state is not null)
            {
                var item = state.Kv.Get(key);
                Learn(key, item);
                Done(key, called, new KeyOperation(KeyAction.Get, ValueOf(item)));
            }

            Rest();
        });
    }

    private void Put(string key, Retry retry)
    {
        var value = NewValue();
        Write(key, new KeyOperation(KeyAction.Put, value), new KvPut(key, null, null, Encoding.UTF8.GetBytes(value)), retry);
    }

    private void PutIf(string key)
    {
        var (expected, revision) = _known.GetValueOrDefault(key, (KeyModel.Absent, 0));
        var value = NewValue();
        var retry = _random.Pick([Retry.None, Retry.ByKey, Retry.InSession]);
        Write(key, new KeyOperation(KeyAction.PutIf, value, expected), new KvPut(key, null, revision, Encoding.UTF8.GetBytes(value)), retry);
    }

    private void Delete(string key) => Write(key, new KeyOperation(KeyAction.Delete, KeyModel.Absent), new KvDelete(key, null), Retry.None);

    // Nobody can tell from outside when it expires, so no history is kept of it.
    private void PutWithTtl() =>
        _gateway.Execute(new KvPut($"ttl{_random.Below(Keys)}", _random.Between(50, 1_500), null, new byte[] { 1 }), null, null, _ => Rest());

    private void Learn(string key, KvItem? item) => _known[key] = (ValueOf(item), item?.Revision ?? 0);

    private void Done(string key, long called, KeyOperation operation)
    {
        _world.Trace.Note(called, (long)operation.Action, 3, $"{_name}: {key} {operation}");
        _world.History.Keys.Answered(key, called, operation);
    }

    private static string ValueOf(KvItem? item) => item is null ? KeyModel.Absent : Encoding.UTF8.GetString(item.Value.Span);
}
