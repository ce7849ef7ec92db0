using Xunit;

namespace Im.Tests.Security;

/// <summary>
/// Requests of which two readers could see different ends (RFC 9112 §11.2). Behind each stands a second one, which is only there for who
/// reads the first wrongly.
/// </summary>
internal static class SmugglingCases
{
    /// <summary>The path of the second request.</summary>
    public const string Smuggled = "/readyz";

    private const string Second = $"GET {Smuggled} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    private const string Post = "POST /user/sendMessage HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    private const string Get = "GET /user/list HTTP/1.1\r\nHost: 127.0.0.1\r\n";

    /// <summary>A name, and the whole of what is sent.</summary>
    public static TheoryData<string, string> All => new()
    {
        { "CL.TE", $"{Post}Content-Length: {5 + Second.Length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Second}" },
        { "TE.CL", $"{Post}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n{Second.Length:x}\r\n{Second}\r\n0\r\n\r\n" },
        { "CL.TE with a third length", $"{Post}X-Content-Length: 1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Second}" },
        { "two lengths", $"{Post}Content-Length: 0\r\nContent-Length: {Second.Length}\r\n\r\n{Second}" },
        { "two equal lengths", $"{Post}Content-Length: 0\r\nContent-Length: 0\r\n\r\n{Second}" },
        { "a list of lengths", $"{Post}Content-Length: 0, {Second.Length}\r\n\r\n{Second}" },
        { "a negative length", $"{Post}Content-Length: -1\r\n\r\n{Second}" },
        { "a hexadecimal length", $"{Post}Content-Length: 0x0\r\n\r\n{Second}" },
        { "an unknown coding", $"{Post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{Second}" },
        { "a coding behind chunked", $"{Post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{Second}" },
        { "chunked with a vertical tab", $"{Post}Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n{Second}" },
        { "space before the colon", $"{Post}Content-Length : {Second.Length}\r\n\r\n{Second}" },
        { "space before the colon of a coding", $"{Post}Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{Second}" },
        { "a folded line", $"{Post}Content-Length:\r\n 0\r\n\r\n{Second}" },
        { "a folded line of another field", $"{Get}X-Note: a\r\n\tContent-Length: {Second.Length}\r\n\r\n{Second}" },
        { "a bare line feed in a field", $"{Get}X-Note: a\nContent-Length: {Second.Length}\r\n\r\n{Second}" },
        { "a bare line feed behind the request line", $"GET /user/list HTTP/1.1\nHost: 127.0.0.1\r\n\r\n{Second}" },
        { "a bare carriage return in a field", $"{Get}X-Note: a\rContent-Length: {Second.Length}\r\n\r\n{Second}" },
        { "a zero byte in a field", $"{Get}X-Note: a\0\r\n\r\n{Second}" },
        { "a field before its name", $"{Get} Content-Length: {Second.Length}\r\n\r\n{Second}" },
        { "two hosts", $"{Get}Host: evil.example\r\n\r\n{Second}" },
    };

    /// <summary>What Kestrel takes, and reads as everybody does who takes it; nginx refuses it.</summary>
    public static TheoryData<string, string> Lenient => new()
    {
        { "a signed length", $"{Post}Content-Length: +0\r\n\r\n{Second}" },
    };

    /// <summary>Bodies in chunks; who answers without reading them ends the connection.</summary>
    public static TheoryData<string, string> Chunks => new()
    {
        { "a line feed that ends a size", $"{Post}Transfer-Encoding: chunked\r\n\r\n2\nxx\r\n0\r\n\r\n{Second}" },
        { "a line feed in an extension", $"{Post}Transfer-Encoding: chunked\r\n\r\n2;\nxx;{Second.Length + 7:x}\r\n0\r\n\r\n{Second}" },
        { "a size with a sign", $"{Post}Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n{Second}" },
        { "a size of 2^64", $"{Post}Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n{Second}" },
        { "no end of a chunk", $"{Post}Transfer-Encoding: chunked\r\n\r\n2\r\nxxx\r\n0\r\n\r\n{Second}" },
    };
}
