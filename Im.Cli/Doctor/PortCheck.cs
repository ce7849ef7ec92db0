using Im.Cli.Text;

namespace Im.Cli.Doctor;

/// <summary>A node that finds its port taken does not start.</summary>
internal static class PortCheck
{
    public static Finding Of(SystemFiles files, int port, string variable)
    {
        var name = Say.It($"port {port}", $"端口 {port}");
        if (ListeningPorts.OwnerOf(files, port) is not { } owner) return new Finding(name, FindingLevel.Ok, Say.It("free", "空闲"));
        var by = owner.Length > 0 ? owner : Say.It("a process of somebody else", "其他用户的进程");
        return new Finding(name, FindingLevel.Set, Say.It($"taken by {by}", $"被 {by} 占用"), $"{variable}=<port>", Say.It(
            "A node does not start on a port that is taken. If this is your node, all is well.",
            "端口被占用时节点无法启动。若占用者就是你的节点，则没有问题。"));
    }
}
