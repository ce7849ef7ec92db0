using System.Net;
using Im.Actors.Serialization;
using Im.Node.Ingress.ApiKeys;

namespace Im.Node.Configuration;

/// <summary>What must hold between settings, and what a type cannot say. Each broken rule is one line: setting, value, remedy.</summary>
internal static class OptionRules
{
    public static IEnumerable<string> Check(ImOptions options) =>
        [.. Addresses(options), .. Ports(options), .. Authentication(options), .. TokenRules.Check(options), .. Apps(options), .. Sizes(options.WebSocket), .. Names(options), .. ApiKeys(options.Ingress), .. StorageRules.Check(options.Storage), .. ClusterRules.Check(options)];

    private static IEnumerable<string> Addresses(ImOptions options)
    {
        if (!IPAddress.TryParse(options.BindAddress, out _))
            yield return $"Im:BindAddress is \"{options.BindAddress}\": expected an IP address such as 127.0.0.1, ::1 or 0.0.0.0; set Im__BindAddress";
        if (string.IsNullOrWhiteSpace(options.DataDirectory))
            yield return "Im:DataDirectory is empty: name a directory, for example Im__DataDirectory=./data";
        foreach (var (proxy, index) in options.KnownProxies.Select((proxy, index) => (proxy, index)))
        {
            if (!IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _))
                yield return $"Im:KnownProxies:{index} is \"{proxy}\": expected an IP address or a network such as 10.0.0.0/8; set Im__KnownProxies__{index}";
        }
    }

    private static IEnumerable<string> Ports(ImOptions options)
    {
        var same = NodePorts.Of(options).Where(port => port.Number != 0).GroupBy(port => port.Number).Where(group => group.Count() > 1);
        foreach (var group in same)
        {
            var settings = string.Join(" and ", group.Select(port => port.Setting));
            yield return $"{settings} are all {group.Key}: give each a port of its own, for example {group.Last().EnvironmentName}={group.Key + 1}";
        }
    }

    private static IEnumerable<string> Authentication(ImOptions options)
    {
        if (options.Auth is { Mode: AuthMode.Guest, AllowInsecureGuest: false } && IPAddress.TryParse(options.BindAddress, out var address) && !IPAddress.IsLoopback(address))
        {
            yield return $"Im:BindAddress is {options.BindAddress} in guest mode, where anyone who reaches the port chats under any name: "
                + "keep Im__BindAddress=127.0.0.1, or accept that it is insecure with Im__Auth__AllowInsecureGuest=true";
        }
    }

    private static IEnumerable<string> Apps(ImOptions options)
    {
        if (options.Apps.Contains(0u)) yield return "Im:Apps contains 0, which means \"all apps\" in queries: choose numbers from 1; set Im__Apps__0…";
        foreach (var twice in options.Apps.GroupBy(app => app).Where(group => group.Count() > 1))
            yield return $"Im:Apps contains {twice.Key} twice: name each app once; set Im__Apps__0…";
    }

    private static IEnumerable<string> Sizes(WebSocketListenerOptions socket)
    {
        if (socket.TextMaxBytes > socket.MessageMaxBytes)
            yield return $"Im:WebSocket:TextMaxBytes is {socket.TextMaxBytes}, above Im:WebSocket:MessageMaxBytes {socket.MessageMaxBytes}: lower Im__WebSocket__TextMaxBytes or raise the other";
        else if (socket.TextMaxBytes > ClusterMessageSerializer.MaxTextBytes)
            yield return $"Im:WebSocket:TextMaxBytes is {socket.TextMaxBytes}, above the {ClusterMessageSerializer.MaxTextBytes} that a message between nodes carries: lower Im__WebSocket__TextMaxBytes";
        if (socket.OutboundMaxBytes < socket.MessageMaxBytes)
            yield return $"Im:WebSocket:OutboundMaxBytes is {socket.OutboundMaxBytes}, below Im:WebSocket:MessageMaxBytes {socket.MessageMaxBytes}, so the largest message could never be delivered: raise Im__WebSocket__OutboundMaxBytes";
        if (socket.HeartbeatTimeout <= socket.HeartbeatInterval)
            yield return $"Im:WebSocket:HeartbeatTimeout is {socket.HeartbeatTimeout}, not longer than Im:WebSocket:HeartbeatInterval {socket.HeartbeatInterval}: raise Im__WebSocket__HeartbeatTimeout";
    }

    private static IEnumerable<string> Names(ImOptions options)
    {
        foreach (var (origin, index) in options.WebSocket.AllowedOrigins.Select((origin, index) => (origin, index)))
        {
            if (!IsOrigin(origin))
                yield return $"Im:WebSocket:AllowedOrigins:{index} is \"{origin}\": expected scheme, host and port only, such as https://chat.example.org; set Im__WebSocket__AllowedOrigins__{index}";
        }

        foreach (var (origin, index) in options.Http.EmbeddingOrigins.Select((origin, index) => (origin, index)))
        {
            if (!IsOrigin(origin))
                yield return $"Im:Http:EmbeddingOrigins:{index} is \"{origin}\": expected scheme, host and port only, such as https://intranet.example.org; set Im__Http__EmbeddingOrigins__{index}";
        }

        if (options.WebSocket.PublicUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "ws" or "wss"))
            yield return $"Im:WebSocket:PublicUrl is \"{url}\": expected a ws:// or wss:// URL such as wss://chat.example.org/acc; set Im__WebSocket__PublicUrl";
        foreach (var (name, index) in options.WebSocket.SubProtocols.Select((name, index) => (name, index)))
        {
            if (name.Length == 0 || !name.All(IsTokenCharacter))
                yield return $"Im:WebSocket:SubProtocols:{index} is \"{name}\": expected a token of letters, digits and !#$%&'*+-.^_`|~ (RFC 7230); set Im__WebSocket__SubProtocols__{index}";
        }
    }

    private static IEnumerable<string> ApiKeys(IngressOptions ingress)
    {
        foreach (var (key, index) in ingress.ApiKeys.Select((key, index) => (key, index)))
        {
            if (key.Id.Length is 0 or > 64)
                yield return $"Im:Ingress:ApiKeys:{index}:Id is \"{key.Id}\": expected 1 to 64 characters; set Im__Ingress__ApiKeys__{index}__Id";
            if (key.Hash.Length != 64 || !key.Hash.All(char.IsAsciiHexDigit))
                yield return $"Im:Ingress:ApiKeys:{index}:Hash is not a SHA-256 in 64 hexadecimal digits: set Im__Ingress__ApiKeys__{index}__Hash to the output of: printf %s \"$KEY\" | sha256sum";
            foreach (var scope in key.Scopes.Except(ApiKeyScopes.All))
                yield return $"Im:Ingress:ApiKeys:{index}:Scopes has \"{scope}\": known are {string.Join(", ", ApiKeyScopes.All)}; set Im__Ingress__ApiKeys__{index}__Scopes__0…";
        }

        foreach (var twice in ingress.ApiKeys.GroupBy(key => key.Id).Where(group => group.Count() > 1))
            yield return $"Im:Ingress:ApiKeys has the Id \"{twice.Key}\" twice: give each key an Id of its own; set Im__Ingress__ApiKeys__0__Id…";
    }

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase);

    private static bool IsTokenCharacter(char character) => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal);
}
