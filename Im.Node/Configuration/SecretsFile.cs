using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Im.Node.Configuration;

/// <summary>
/// The data directory (0700) and <c>secrets.json</c> (0600) in it. The file appears whole or not at all: it is written beside its
/// place, synced and linked there, and whoever comes second reads what the first has made.
/// </summary>
internal static class SecretsFile
{
    public const string FileName = "secrets.json";

    private const int KeyBytes = 32;
    private const UnixFileMode Others = (UnixFileMode)0b000_111_111;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <exception cref="StartupException">The directory cannot be used, or the file is damaged or readable by others.</exception>
    public static NodeSecrets OpenOrCreate(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            MakeDirectory(directory);
            if (!File.Exists(path)) Create(directory, path);
            ProbeWrite(directory);
            return Read(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                ExitCodes.DataDirectory, $"Im:DataDirectory {directory} cannot be used: {OneLine(failure.Message)} Give this user the right to write there, or set Im__DataDirectory");
        }
    }

    private static void MakeDirectory(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static void Create(string directory, string path)
    {
        var temporary = Path.Combine(directory, $".{FileName}.{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            using (var file = new FileStream(temporary, options))
            {
                JsonSerializer.Serialize(file, new Content(NewApiKey(), Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes))), Json);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first; its keys are as good.
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Fails now rather than at the first write hours later.</summary>
    private static void ProbeWrite(string directory)
    {
        var probe = Path.Combine(directory, $".probe.{Guid.NewGuid():N}");
        using var file = new FileStream(probe, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
    }

    private static NodeSecrets Read(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
            throw Unusable(path, "other users may read it", $"run: chmod 600 {path}");
        Content? content;
        try
        {
            content = JsonSerializer.Deserialize<Content>(File.ReadAllText(path), Json);
        }
        catch (JsonException)
        {
            throw Unusable(path, "it is not JSON", Remedy);
        }

        if (string.IsNullOrWhiteSpace(content?.ApiKey)) throw Unusable(path, "apiKey is missing", Remedy);
        if (content.JwtKey is null || !IsKey(content.JwtKey)) throw Unusable(path, $"jwtKey is not base64 of at least {KeyBytes} bytes", Remedy);
        return new NodeSecrets(content.ApiKey, content.JwtKey, path);
    }

    private const string Remedy = "restore it from a backup, or delete it and new keys are made at the next start (callers need the new ones then)";

    private static StartupException Unusable(string path, string why, string remedy) =>
        new(ExitCodes.Configuration, $"{path} cannot be used: {why}; {remedy}");

    private static bool IsKey(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= KeyBytes;
    }

    private static string NewApiKey() => "im_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.') + ".";

    private sealed record Content(string? ApiKey, string? JwtKey);
}
