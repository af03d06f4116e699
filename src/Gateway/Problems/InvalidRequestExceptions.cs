namespace Quorate.Gateway.Problems;

/// <summary>An argument of the request is outside what the contract allows.</summary>
/// <param name="field">Name of the body member, header, query or path parameter, as the client wrote it.</param>
internal sealed class InvalidArgumentException(string field, string message)
    : BadHttpRequestException(message, StatusCodes.Status400BadRequest)
{
    public string Field { get; } = field;
}

/// <summary>The body is not JSON, or not of the shape that the contract asks for.</summary>
internal sealed class MalformedBodyException(string message) : BadHttpRequestException(message, StatusCodes.Status400BadRequest);

/// <summary>A session id that cannot belong to any session.</summary>
internal sealed class UnknownSessionException(string id)
    : BadHttpRequestException($"There is no session '{id}'.", StatusCodes.Status404NotFound);

/// <summary>A region that requests cannot address here.</summary>
internal sealed class UnknownRegionException(string message) : BadHttpRequestException(message, StatusCodes.Status404NotFound);
