using System.CommandLine;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary>Whether another server is measured in the same run.</summary>
internal sealed class PeerOptions
{
    public Option<string?> Peer { get; } = new("--peer") { Description = Say.It("measure another server too, in the same run: signalr", "在同一次运行中同时测量对照服务器：signalr") };

    public Option<bool> Only { get; } = new("--peer-only") { Description = Say.It("measure the peer alone", "只测量对照服务器") };

    public void AddTo(Command command)
    {
        Peer.AcceptOnlyFromAmong("signalr");
        command.Options.Add(Peer);
        command.Options.Add(Only);
        command.Validators.Add(result =>
        {
            if (result.TryRead(Only, out var only) && only && result.TryRead(Peer, out var peer) && peer is null)
                result.AddError(Say.It("--peer-only needs --peer.", "--peer-only 需要同时给出 --peer。"));
        });
    }

    public bool Wanted(ParseResult result) => result.GetValue(Peer) is not null;

    public bool Alone(ParseResult result) => result.GetValue(Only);
}
