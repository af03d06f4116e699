using Npgsql;
using Quorate.Client;

namespace Quorate.Fencing;

/// <summary>Transactions in PostgreSQL that only the newest holder of a lock gets through.</summary>
/// <remarks>
/// The database keeps the newest token it has seen for each lock in the table <c>quorate_fence</c>. The check locks that row until the
/// transaction ends: writers under one lock go one after the other, whatever they write.
/// </remarks>
public static class PostgresFence
{
    private const string StaleToken = "QF001";

    /// <summary>Creates the table and the function where they are missing. Needs the right to create in the current schema.</summary>
    public static async Task InstallAsync(NpgsqlConnection connection, CancellationToken cancellation = default)
    {
        await using var command = new NpgsqlCommand(FenceScripts.Read("fence.sql"), connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Lets the transaction pass, or not. To be called before its first write.</summary>
    /// <exception cref="StaleTokenException">A newer token has been seen; the transaction can only be rolled back.</exception>
    public static async Task CheckAsync(NpgsqlTransaction transaction, LockFence fence, CancellationToken cancellation = default)
    {
        await using var command = new NpgsqlCommand("SELECT quorate_check_fence($1, $2)", transaction.Connection, transaction);
        command.Parameters.Add(new NpgsqlParameter { Value = fence.Lock });
        command.Parameters.Add(new NpgsqlParameter { Value = fence.Token });
        try
        {
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException refused) when (refused.SqlState == StaleToken)
        {
            throw new StaleTokenException(fence, newest: null, refused);
        }
    }
}
