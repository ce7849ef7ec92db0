namespace Im.Node.Ingress.ApiKeys;

/// <summary>Finds whose API key a caller presents.</summary>
internal interface IApiKeys
{
    /// <returns>Null when there is no such key.</returns>
    ApiKeyIdentity? Find(string? presentedKey);
}
