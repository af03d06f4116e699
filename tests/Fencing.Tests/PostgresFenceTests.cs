using Npgsql;
using Quorate.Client;
using Quorate.Fencing.Tests.Servers;

namespace Quorate.Fencing.Tests;

public sealed class PostgresFenceTests(PostgresServer server) : IClassFixture<PostgresServer>, IAsyncLifetime
{
    private readonly string _lock = $"orders/{Guid.NewGuid():N}";

    public async Task InitializeAsync()
    {
        if (server.Source is not null)
        {
            await using var table = server.Source.CreateCommand("CREATE TABLE IF NOT EXISTS resource (name text PRIMARY KEY, value text)");
            await table.ExecuteNonQueryAsync();
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [ServerFact(PostgresServer.Program)]
    public async Task Check_NewestToken_LetsTheTransactionWrite()
    {
        await WriteAsync(7, "first");
        await WriteAsync(7, "second");
        await WriteAsync(8, "third");

        Assert.Equal("third", await ReadAsync());
    }

    [ServerFact(PostgresServer.Program)]
    public async Task Check_ANewerTokenHasWritten_IsRefusedAndNothingIsWritten()
    {
        await WriteAsync(9, "successor");

        var refused = await Assert.ThrowsAsync<StaleTokenException>(() => WriteAsync(7, "stale"));

        Assert.Equal(new LockFence(_lock, 7), refused.Fence);
        Assert.Equal("successor", await ReadAsync());
    }

    [ServerFact(PostgresServer.Program)]
    public async Task Check_WhileANewerHolderWrites_WaitsForItAndIsRefused()
    {
        await using var connection = await server.Source.OpenConnectionAsync();
        await using var newer = await connection.BeginTransactionAsync();
        await PostgresFence.CheckAsync(newer, new LockFence(_lock, 9));

        var older = WriteAsync(7, "stale");
        await EventuallyWaitsAsync();
        Assert.False(older.IsCompleted);
        await newer.CommitAsync();

        await Assert.ThrowsAsync<StaleTokenException>(() => older);
    }

    [ServerFact(PostgresServer.Program)]
    public async Task Check_NewerTransactionRolledBack_LeavesNoToken()
    {
        await using (var connection = await server.Source.OpenConnectionAsync())
        await using (var newer = await connection.BeginTransactionAsync())
        {
            await PostgresFence.CheckAsync(newer, new LockFence(_lock, 9));
        }

        await WriteAsync(7, "nobody newer has written");
        Assert.Equal("nobody newer has written", await ReadAsync());
    }

    private async Task WriteAsync(long token, string value)
    {
        await using var connection = await server.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await PostgresFence.CheckAsync(transaction, new LockFence(_lock, token));
        await using var write = new NpgsqlCommand(
            "INSERT INTO resource VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value", connection, transaction);
        write.Parameters.Add(new NpgsqlParameter { Value = _lock });
        write.Parameters.Add(new NpgsqlParameter { Value = value });
        await write.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    private async Task<string?> ReadAsync()
    {
        await using var read = server.Source.CreateCommand("SELECT value FROM resource WHERE name = $1");
        read.Parameters.Add(new NpgsqlParameter { Value = _lock });
        return (string?)await read.ExecuteScalarAsync();
    }

    /// <summary>Until some session waits for another's transaction.</summary>
    private async Task EventuallyWaitsAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (true)
        {
            await using var waits = server.Source.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
            if ((long)(await waits.ExecuteScalarAsync(patience.Token))! > 0)
            {
                return;
            }

            await Task.Delay(10, patience.Token);
        }
    }
}
