using Microsoft.AspNetCore.Http.Features;
using Quorate.Node.Access;

namespace Quorate.Gateway.Hosting;

/// <summary>
/// Bounds the bytes of request bodies that are under way at once: many large bodies that come together are refused as overload instead of
/// being held in memory. A body that says how long it is counts from the beginning and is not read when it does not fit; one that does
/// not counts as far as it has come. A body over the limit of its endpoint is refused here as well, when the endpoint has read so much of it: the
/// server would close the connection while the client still sends, who then sees that and not the answer.
/// </summary>
internal sealed class BodyBudget(RequestDelegate next, ClusterClient cluster)
{
    /// <summary>Bytes of bodies under way. A body that fits into none of it alone is taken when nothing else is under way.</summary>
    public const long MaxBytes = 64L << 20;

    /// <summary>A larger body is not even read while writes are refused anyway.</summary>
    private const long Large = 32 << 10;

    /// <summary>So much of a body that is refused the server still takes in, and drops, before it closes the connection.</summary>
    private const long MaxDropped = 64L << 20;

    private long _bytes;

    public async Task InvokeAsync(HttpContext context)
    {
        // A blob of any size takes the memory of a few chunks, which have a bound of their own.
        if (!context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments(Contracts.Routes.Blobs))
        {
            await next(context);
            return;
        }

        var limit = TakeOverLimit(context);
        using var share = new Share(this, limit);
        if (context.Request.ContentLength > Large && cluster.IsOverloaded)
        {
            throw new OverloadedException();
        }

        if (context.Request.ContentLength is { } announced && announced <= limit)
        {
            share.Grow(announced);
        }
        else if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            context.Features.Set<IRequestBodyPipeFeature>(new CountedBody(context.Request.BodyReader, share.Grow));
        }

        await next(context);
    }

    /// <summary>The limit of the endpoint, from now on held here and no longer by the server.</summary>
    private static long TakeOverLimit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false, MaxRequestBodySize: { } limit } feature)
        {
            return long.MaxValue;
        }

        feature.MaxRequestBodySize = limit + MaxDropped;
        return limit;
    }

    /// <summary>What one request holds of the budget.</summary>
    /// <param name="limit">The most that it may hold.</param>
    private sealed class Share(BodyBudget budget, long limit) : IDisposable
    {
        private long _held;

        /// <exception cref="BadHttpRequestException">The body is larger than its endpoint takes.</exception>
        /// <exception cref="OverloadedException">Others hold too much.</exception>
        public void Grow(long bytes)
        {
            if (_held + bytes > limit)
            {
                throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
            }

            _held += bytes;
            var total = Interlocked.Add(ref budget._bytes, bytes);
            if (total > MaxBytes && total != _held)
            {
                throw new OverloadedException();
            }
        }

        public void Dispose() => Interlocked.Add(ref budget._bytes, -_held);
    }
}
