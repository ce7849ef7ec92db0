namespace Im.Node.Configuration;

/// <summary>Keys of this node, made at the first start and kept in <c>secrets.json</c>. Never logged.</summary>
/// <param name="ApiKey">Opens the ingress API with every scope.</param>
/// <param name="JwtKey">Base64 of at least 32 bytes; signs tokens.</param>
/// <param name="Path">Absolute path of the file.</param>
internal sealed record NodeSecrets(string ApiKey, string JwtKey, string Path)
{
    /// <summary>Keeps the keys out of logs that print records.</summary>
    public override string ToString() => $"NodeSecrets {{ Path = {Path} }}";
}
