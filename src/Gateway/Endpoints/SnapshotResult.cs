using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Quorate.Contracts;
using Quorate.Contracts.Replication;
using Quorate.Core.Replication;

namespace Quorate.Gateway.Endpoints;

/// <summary>Everything that the collections hold, line by line, so that neither side needs memory for all of it.</summary>
/// <param name="sequence">The last change that is in it.</param>
/// <param name="asking">Disposed of when the last line is sent.</param>
internal sealed class SnapshotResult(long sequence, IEnumerable<SyncEntry> entries, IDisposable asking) : IResult, IEndpointMetadataProvider
{
    private const string Lines = "application/x-ndjson";
    private const int FlushBytes = 64 << 10;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(SyncEntryView), [Lines]));

    public async Task ExecuteAsync(HttpContext context)
    {
        using (asking)
        {
            context.Response.ContentType = Lines;
            var (body, count) = (context.Response.BodyWriter, 0L);
            Write(new SyncSnapshotHeader(sequence));
            foreach (var entry in entries)
            {
                Write(SyncViews.Of(entry));
                count++;
                if (body.UnflushedBytes > FlushBytes)
                {
                    await body.FlushAsync(context.RequestAborted);
                }
            }

            // Whoever does not see this line has only a part.
            Write(new SyncSnapshotHeader(sequence, count));
            await body.FlushAsync(context.RequestAborted);

            void Write<T>(T line)
            {
                using (var writer = new Utf8JsonWriter(body))
                {
                    JsonSerializer.Serialize(writer, line, ContractJson.Options);
                }

                body.GetSpan(1)[0] = (byte)'\n';
                body.Advance(1);
            }
        }
    }
}
