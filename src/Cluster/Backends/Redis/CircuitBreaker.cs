namespace Quorate.Backends.Redis;

/// <summary>
/// Keeps requests from waiting for a server that does not answer. It opens after a few failures in a row and closes only when a check, which no
/// request waits for, succeeds.
/// <code>
///   closed ──(failures in a row)──▶ open ──(check succeeds)──▶ closed
///                                    └──(check fails)──▶ open, twice as long until the next check
/// </code>
/// </summary>
internal sealed class CircuitBreaker(TimeSpan minBackoff, TimeSpan maxBackoff)
{
    /// <summary>One failure may be bad luck.</summary>
    private const int Tolerated = 2;

    private readonly Lock _gate = new();
    private int _failures;
    private TimeSpan _backoff;

    public bool IsClosed { get; private set; }

    /// <summary>How long to wait before the next check, while it is open.</summary>
    public TimeSpan Backoff
    {
        get
        {
            lock (_gate)
            {
                return _backoff;
            }
        }
    }

    /// <summary>A request succeeded.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) != 0)
        {
            Volatile.Write(ref _failures, 0);
        }
    }

    /// <summary>A request failed.</summary>
    /// <returns>Whether that opened it.</returns>
    public bool Failed()
    {
        lock (_gate)
        {
            return IsClosed && ++_failures > Tolerated && Open();
        }
    }

    /// <summary>A check was made.</summary>
    /// <returns>Whether that opened or closed it.</returns>
    public bool Checked(bool succeeded)
    {
        lock (_gate)
        {
            if (succeeded)
            {
                _failures = 0;
                return !IsClosed && (IsClosed = true);
            }

            if (IsClosed)
            {
                return Open();
            }

            _backoff = _backoff == TimeSpan.Zero ? minBackoff : _backoff * 2 is var longer && longer < maxBackoff ? longer : maxBackoff;
            return false;
        }
    }

    private bool Open()
    {
        IsClosed = false;
        _backoff = minBackoff;
        return true;
    }
}
