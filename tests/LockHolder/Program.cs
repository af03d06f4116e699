using System.Text.Json;
using Quorate.Client;

// A process that holds a lock, for a test that stops it: lock-holder <gateway> <lock> <key> <ttl ms>. Several locks, with commas
// between, are taken in one step; the key is guarded by the first.
// It says "holding", and then does with each line from its input what the line says:
//   write   writes the key if the lock is still held: "written" or "lost"
//   fenced  writes it whatever it believes, with the token: "written" or the code of the refusal
//   token   waits until the token for the loss is tripped: "tripped"
using var http = new HttpClient { BaseAddress = new Uri(args[0]) };
var client = new QuorateClient(http);
var options = new LockOptions { Ttl = TimeSpan.FromMilliseconds(int.Parse(args[3])) };
var names = args[1].Split(',');
await using Lease handle = names.Length > 1 ? await client.Locks.AcquireAllAsync(names, options) : await client.Locks.AcquireAsync(args[1], options);
var fence = handle is LockSetHandle set ? set.FenceOf(names[0]) : ((LockHandle)handle).Fence;
Console.WriteLine("holding");
while (Console.ReadLine() is { } line)
{
    // Nothing stands between the line and the check: it is the first thing that runs after a pause.
    if (line == "write")
    {
        if (handle.IsHeld)
        {
            await client.PutKeyAsync(args[2], JsonSerializer.SerializeToElement("unfenced"));
            Console.WriteLine("written");
        }
        else
        {
            Console.WriteLine("lost");
        }
    }
    else if (line == "fenced")
    {
        Console.WriteLine(await WriteFencedAsync());
    }
    else
    {
        handle.LostToken.WaitHandle.WaitOne();
        Console.WriteLine("tripped");
    }
}

async Task<string> WriteFencedAsync()
{
    try
    {
        await client.With(fence).PutKeyAsync(args[2], JsonSerializer.SerializeToElement("fenced"));
        return "written";
    }
    catch (QuorateException refused)
    {
        return refused.Code;
    }
}
