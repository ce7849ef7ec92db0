using System.Text.Json;
using Im.Cli.Text;

namespace Im.Cli.Token;

/// <summary>There is no key to sign with; the message is for the person who asked.</summary>
internal sealed class SigningKeyException(string message) : Exception(message);

/// <summary>The key that a node of this machine checks tokens with.</summary>
internal static class SigningKey
{
    private const int MinBytes = 32;
    private const string FileName = "secrets.json";

    /// <summary>Where a node keeps its data when nobody says otherwise: started by its program, or by <c>dotnet run --project Im.Node</c>.</summary>
    private static readonly string[] UsualDirectories = ["data", Path.Combine("Im.Node", "data")];

    /// <param name="directory">The node's data directory; null looks at <c>Im__DataDirectory</c>, then at the usual places below the working directory.</param>
    public static byte[] Find(string? directory)
    {
        directory ??= Environment.GetEnvironmentVariable("Im__DataDirectory");
        string[] candidates = directory is not null ? [directory] : UsualDirectories;
        foreach (var candidate in candidates)
        {
            var path = Path.GetFullPath(Path.Combine(candidate, FileName));
            if (File.Exists(path)) return Read(path);
        }

        var places = string.Join(", ", candidates.Select(Path.GetFullPath));
        throw new SigningKeyException(Say.It(
            $"There is no {FileName} in {places}. Start the node once, name its data directory with --data, or give the key with --key.",
            $"在 {places} 中没有 {FileName}。请先启动一次节点，或用 --data 指定其数据目录，或用 --key 给出密钥。"));
    }

    /// <param name="source">Where the text comes from; the text itself is shown nowhere.</param>
    public static byte[] Decode(string text, string source)
    {
        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text, bytes, out var length) && length >= MinBytes) return bytes[..length];
        throw new SigningKeyException(Say.It($"{source} is not base64 of at least {MinBytes} bytes.", $"{source} 不是至少 {MinBytes} 字节的 base64。"));
    }

    private static byte[] Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            if (json.RootElement.TryGetProperty("jwtKey", out var key) && key.ValueKind == JsonValueKind.String) return Decode(key.GetString()!, $"jwtKey of {path}");
            throw new SigningKeyException(Say.It($"{path} has no jwtKey.", $"{path} 中没有 jwtKey。"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new SigningKeyException(Say.It($"{path} cannot be read: {failure.Message}", $"无法读取 {path}：{failure.Message}"));
        }
    }
}
