using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Quorate.Gateway.Hosting;

/// <summary>The body of a request that does not say how long it is: tells of every byte that arrives before it is handed on.</summary>
/// <param name="arrived">Told how many bytes are new; what it throws ends the reading.</param>
internal sealed class CountedBody(PipeReader body, Action<long> arrived) : PipeReader, IRequestBodyPipeFeature
{
    private ReadOnlySequence<byte> _buffer;
    private long _consumed;
    private long _counted;

    public PipeReader Reader => this;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Count(await body.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        var read = body.TryRead(out result);
        if (read)
        {
            Count(result);
        }

        return read;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _consumed += _buffer.Slice(_buffer.Start, consumed).Length;
        _buffer = default;
        body.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => body.CancelPendingRead();

    public override void Complete(Exception? exception = null) => body.Complete(exception);

    private ReadResult Count(ReadResult result)
    {
        _buffer = result.Buffer;
        var seen = _consumed + _buffer.Length;
        if (seen > _counted)
        {
            try
            {
                arrived(seen - _counted);
            }
            catch
            {
                // The server goes on reading, to the end of what it will not take.
                AdvanceTo(_buffer.End);
                throw;
            }

            _counted = seen;
        }

        return result;
    }
}
