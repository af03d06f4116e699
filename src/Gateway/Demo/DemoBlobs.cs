using System.IO.Pipelines;
using Quorate.Gateway.Blobs;
using Quorate.Node.Access;

namespace Quorate.Gateway.Demo;

/// <summary>Pictures of the demo's products, and films of its workshop that arrive slowly. The same content every time, so that disks do not fill.</summary>
internal sealed class DemoBlobs(BlobReceiver receiver)
{
    private const int PictureBytes = 700_000;
    private const int FilmBytes = 9_500_000;
    private const int Films = 3;

    /// <summary>What a film brings at once.</summary>
    private const int Step = 256 << 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(600);

    private int _film;

    public Task TakePicture(string product, CancellationToken cancel) =>
        PutAsync($"demo/pictures/{product}.jpg", "image/jpeg", new MemoryStream(Content(product[0], PictureBytes + (product.Length * 90_000))), null, cancel);

    public async Task SendFilm(CancellationToken cancel)
    {
        var number = _film++ % Films;
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: Step, resumeWriterThreshold: Step / 2));
        var sending = TrickleAsync(pipe.Writer, Content(number, FilmBytes), cancel);
        await PutAsync($"demo/films/workshop-{number + 1}.mp4", "video/mp4", pipe.Reader.AsStream(), FilmBytes, cancel);
        await sending;
    }

    private static byte[] Content(int seed, int size)
    {
        var content = new byte[size];
        new Random(seed).NextBytes(content);
        return content;
    }

    private static async Task TrickleAsync(PipeWriter writer, byte[] content, CancellationToken cancel)
    {
        try
        {
            for (var sent = 0; sent < content.Length; sent += Step)
            {
                await writer.WriteAsync(content.AsMemory(sent, Math.Min(Step, content.Length - sent)), cancel);
                await Task.Delay(Pause, cancel);
            }
        }
        finally
        {
            await writer.CompleteAsync();
        }
    }

    private async Task PutAsync(string id, string contentType, Stream content, long? size, CancellationToken cancel)
    {
        await using (content)
        {
            var request = new UploadRequest(0, size, size, IsPart: false, contentType, ExpectedDigests.None);
            await receiver.ReceiveAsync(id, request, content, WriteOptions.None, cancel);
        }
    }
}
