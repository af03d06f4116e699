namespace Quorate.Gateway.Live;

/// <summary>A topic that is one value, sent whole whenever it changes.</summary>
public sealed class ValueTopic(string name, object initial) : ITopic
{
    private sealed record Versioned(long Version, object Value);

    private Versioned _current = new(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), initial);

    public string Name => name;

    public long Version => _current.Version;

    /// <summary>Replaces the value. One caller at a time.</summary>
    public void Set(object value) =>
        Volatile.Write(ref _current, new Versioned(Math.Max(_current.Version + 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), value));

    public TopicRead Snapshot()
    {
        var now = Volatile.Read(ref _current);
        return new TopicRead(now.Version, now.Value, IsDelta: false);
    }

    public TopicRead? Since(long version) =>
        Volatile.Read(ref _current) is var now && now.Version != version ? new TopicRead(now.Version, now.Value, IsDelta: true) : null;
}
