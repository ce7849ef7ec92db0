using System.Net.Sockets;
using System.Runtime.InteropServices;
using Im.Cli.Bench;
using Im.Cli.Text;

namespace Im.Cli.Verify.Hosts;

/// <summary>Makes sockets that belong to another network namespace; a socket stays where it was made, whoever uses it.</summary>
internal static partial class NamespaceSockets
{
    private const int NetworkNamespace = 0x40000000;

    /// <param name="name">As <c>ip netns</c> has it.</param>
    public static Socket Make(string name)
    {
        Socket? socket = null;
        Exception? failure = null;
        // The thread moves into the namespace and ends there.
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/run/netns/{name}");
                if (SetNamespace((int)file.DangerousGetHandle(), NetworkNamespace) != 0) throw new BenchException(Say.It($"No way into the namespace {name}", $"无法进入命名空间 {name}"));
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            }
            catch (Exception refused) when (refused is IOException or BenchException or SocketException)
            {
                failure = refused;
            }
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new BenchException(failure!.Message);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);
}
