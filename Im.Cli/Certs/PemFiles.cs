using System.Text;
using Im.Cli.Text;

namespace Im.Cli.Certs;

/// <summary>Certificates and keys on disk: a file appears whole or not at all, and nobody but its owner may read it.</summary>
internal static class PemFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="CertsException">One of them is there already.</exception>
    public static void RefuseToReplace(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (File.Exists(path))
                throw new CertsException(Say.It($"{path} is there already and is not replaced: give another --out, or --force.", $"{path} 已存在，不会被覆盖：请更换 --out，或使用 --force。"));
        }
    }

    public static void Write(string path, string pem)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory) MakeDirectory(directory);
            var temporary = $"{path}.{Guid.NewGuid():N}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            using (var file = new FileStream(temporary, options))
            {
                file.Write(Encoding.ASCII.GetBytes(pem + "\n"));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CertsException(Say.It($"{path} cannot be written: {failure.Message}", $"无法写入 {path}：{failure.Message}"));
        }
    }

    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CertsException(Say.It($"{path} cannot be read ({failure.Message}): make the CA first, with im certs ca.", $"无法读取 {path}（{failure.Message}）：请先用 im certs ca 生成 CA。"));
        }
    }

    private static void MakeDirectory(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
    }
}
