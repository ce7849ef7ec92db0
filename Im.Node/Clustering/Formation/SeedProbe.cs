using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Im.Node.Configuration;

namespace Im.Node.Clustering.Formation;

/// <summary>Tries to reach another node's remoting port step by step, to say in words at which step it fails.</summary>
/// <param name="tls">Null when the nodes speak plain TCP.</param>
internal sealed class SeedProbe(ClusterTls? tls)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>A node that accepts us tells its name at once; one that refuses our certificate closes.</summary>
    private static readonly TimeSpan HelloPatience = TimeSpan.FromSeconds(1);

    /// <summary>Why it cannot be joined, as the end of the sentence "host:port …".</summary>
    /// <param name="self">This node, as the others reach it.</param>
    public async Task<string> ExplainAsync(SeedNode node, Address self, CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(Patience);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(node.Host.Trim('[', ']'), node.Port, bound.Token).ConfigureAwait(false);
        }
        catch (SocketException failure)
        {
            return Explain(failure.SocketErrorCode);
        }
        catch (OperationCanceledException)
        {
            return $"does not answer within {Patience.TotalSeconds:F0} s: a firewall is between, or the host is down";
        }

        var stream = new NetworkStream(socket);
        await using (stream.ConfigureAwait(false)) return tls is null
            ? await GreetAsync(stream, node, self, NoMember, bound.Token).ConfigureAwait(false)
            : await HandshakeAsync(tls, stream, node, self, bound.Token).ConfigureAwait(false);
    }

    /// <param name="closed">What it means that the other side closes.</param>
    private static async Task<string> GreetAsync(Stream stream, SeedNode node, Address self, string closed, CancellationToken cancellation)
    {
        var (outcome, address) = await RemotingHello.AskAsync(stream, self, HelloPatience, cancellation).ConfigureAwait(false);
        if (outcome == HelloOutcome.Closed) return closed;
        if (address is null) return NoMember;
        if (address.System != self.System) return $"is a node of the actor system \"{address.System}\", and this one is of \"{self.System}\": it is of another cluster; take it out of Im__Cluster__SeedNodes";
        return ClusterAddress.Text(address) == node.ToString()
            ? "answers as a node of ours: it has not joined either, or does not reach this node"
            : $"calls itself {ClusterAddress.Text(address)}: write it so in Im__Cluster__SeedNodes, or set Im__Cluster__AdvertisedHost there to {node.Host}";
    }

    private const string NoMember = "is reached, but no member of this cluster answers there: it has not joined either, or another program has the port";

    private static async Task<string> HandshakeAsync(ClusterTls tls, NetworkStream stream, SeedNode node, Address self, CancellationToken cancellation)
    {
        string? refused = null;
        var secure = new SslStream(stream, leaveInnerStreamOpen: true);
        await using (secure.ConfigureAwait(false))
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = node.Host.Trim('[', ']'),
                ClientCertificates = [tls.Certificate],
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => (refused = tls.WhyRefused(certificate as X509Certificate2, node.Host)) is null,
            };
            try
            {
                await secure.AuthenticateAsClientAsync(options, cancellation).ConfigureAwait(false);
                return await GreetAsync(secure, node, self, RefusesUs, cancellation).ConfigureAwait(false);
            }
            catch (AuthenticationException) when (refused is not null)
            {
                return $"is not of this cluster: {refused}";
            }
            catch (AuthenticationException)
            {
                return "does not speak TLS as we do: Im__Cluster__Tls__Mode is off there, or another program has the port";
            }
            catch (IOException)
            {
                return $"ends the TLS handshake: {RefusesUs}";
            }
            catch (OperationCanceledException)
            {
                return "accepts the connection and says nothing: the process hangs, or another program has the port";
            }
        }
    }

    private const string RefusesUs = "refuses our certificate, or speaks no TLS; its log says why";

    private static string Explain(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "has a name that cannot be resolved: correct it, or the DNS",
        SocketError.ConnectionRefused => "refuses the connection: no node listens there",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown => "cannot be reached: there is no route to it",
        SocketError.TimedOut => "does not answer: a firewall is between, or the host is down",
        _ => $"cannot be reached ({error})",
    };
}
