using System.Diagnostics;
using System.Runtime.InteropServices;
using Quorate.Contracts;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Processes;

/// <summary>
/// A real process holds a lock through the client's handle and is stopped (SIGSTOP) until the lock has gone to somebody else. When it
/// goes on it believes nothing that was true before.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class PausedHolderTests(ClusterFixture cluster)
{
    private const int SigStop = 19;
    private const int SigCont = 18;

    private readonly string _lock = $"paused/{Guid.NewGuid():N}";
    private readonly string _key = $"resource/{Guid.NewGuid():N}";

    [Fact]
    public async Task Holder_StoppedLongerThanTheTtl_SeesTheLossBeforeItWritesAndIsRefusedWithItsToken()
    {
        using var holder = Start();
        Assert.Equal("holding", await holder.SaysAsync());
        Assert.Equal("written", await holder.AskAsync("write"));
        Assert.Equal("written", await holder.AskAsync("fenced"));

        holder.Signal(SigStop);
        (await cluster.Api.PostAsync($"{Routes.Lock(_lock)}/acquire", """{"owner":"successor","waitMs":60000,"ttlMs":600000}""")).Ok();
        (await cluster.Api.PutAsync(Routes.Key(_key), """{"value":"successor"}""")).Ok();
        await holder.TellAsync("write");
        holder.Signal(SigCont);

        Assert.Equal("lost", await holder.SaysAsync());
        Assert.Equal("tripped", await holder.AskAsync("token"));
        Assert.Equal("stale_token", await holder.AskAsync("fenced"));
        Assert.Equal("successor", (await cluster.Api.GetAsync(Routes.Key(_key))).Ok()["value"].GetString());
    }

    [Fact]
    public async Task HolderOfSeveral_StoppedLongerThanTheTtl_SeesTheLossOfAllAndIsRefused()
    {
        using var holder = Start(",", "also-" + _lock);
        Assert.Equal("holding", await holder.SaysAsync());
        Assert.Equal("written", await holder.AskAsync("fenced"));

        holder.Signal(SigStop);
        var wanted = $$"""{"owner":"successor","waitMs":60000,"ttlMs":600000,"locks":[{"name":"{{_lock}}"},{"name":"also-{{_lock}}"}]}""";
        (await cluster.Api.PostAsync(Routes.AcquireLocks, wanted)).Ok();
        (await cluster.Api.PutAsync(Routes.Key(_key), """{"value":"successor"}""")).Ok();
        await holder.TellAsync("write");
        holder.Signal(SigCont);

        Assert.Equal("lost", await holder.SaysAsync());
        Assert.Equal("tripped", await holder.AskAsync("token"));
        Assert.Equal("stale_token", await holder.AskAsync("fenced"));
        Assert.Equal("successor", (await cluster.Api.GetAsync(Routes.Key(_key))).Ok()["value"].GetString());
    }

    [Fact]
    public async Task HolderOfSeveral_LivesOnForSeveralTtls_KeepsThemAll()
    {
        using var holder = Start(",", "also-" + _lock);
        Assert.Equal("holding", await holder.SaysAsync());

        await Eventually.HoldsAsync(() => cluster.Cluster.Peek(
            state => state.Locks.History(_lock)!.Count >= 6 && state.Locks.History("also-" + _lock)!.Count >= 6));

        Assert.Equal("written", await holder.AskAsync("write"));
        Assert.Equal("written", await holder.AskAsync("fenced"));
    }

    [Fact]
    public async Task Holder_LivesOnForSeveralTtls_KeepsTheLock()
    {
        using var holder = Start();
        Assert.Equal("holding", await holder.SaysAsync());
        var token = cluster.Cluster.Peek(state => state.Locks.Get(_lock)!.NewestToken);

        await Eventually.HoldsAsync(() => cluster.Cluster.Peek(state => state.Locks.History(_lock)!.Count >= 6));

        Assert.Equal("written", await holder.AskAsync("write"));
        Assert.Equal(token, cluster.Cluster.Peek(state => state.Locks.Get(_lock)!.NewestToken));
    }

    private Holder Start(params string[] more) => new(cluster.Address.ToString(), _lock + string.Concat(more), _key, "1500");

    private sealed class Holder(params string[] arguments) : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        private readonly Process _process = Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "lock-holder.dll"), .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;

        public Task<string?> SaysAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

        public async Task<string?> AskAsync(string line)
        {
            await TellAsync(line);
            return await SaysAsync();
        }

        public Task TellAsync(string line) => _process.StandardInput.WriteLineAsync(line);

        public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

        public void Dispose()
        {
            _process.Kill();
            _process.Dispose();
        }

        [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
        private static extern int Kill(int process, int signal);
    }
}
