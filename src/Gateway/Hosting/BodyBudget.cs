using Quorate.Node.Access;

namespace Quorate.Gateway.Hosting;

/// <summary>
/// Bounds the bytes of request bodies that are under way at once, before they become writes: many large bodies that come together are refused as
/// overload before they are read, instead of being held in memory.
/// </summary>
internal sealed class BodyBudget(RequestDelegate next)
{
    /// <summary>Bytes of bodies under way. A body that fits into none of it alone is taken when nothing else is under way.</summary>
    public const long MaxBytes = 128L << 20;

    /// <summary>What a body counts for that does not say how long it is.</summary>
    private const long Unannounced = 64 << 10;

    private long _bytes;

    public async Task InvokeAsync(HttpContext context)
    {
        // A blob of any size takes the memory of a few chunks, which have a bound of their own.
        if (!context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments(Contracts.Routes.Blobs))
        {
            await next(context);
            return;
        }

        var bytes = context.Request.ContentLength ?? (context.Request.Headers.TransferEncoding.Count > 0 ? Unannounced : 0);
        try
        {
            var total = Interlocked.Add(ref _bytes, bytes);
            if (total > MaxBytes && total != bytes)
            {
                throw new OverloadedException();
            }

            await next(context);
        }
        finally
        {
            Interlocked.Add(ref _bytes, -bytes);
        }
    }
}
