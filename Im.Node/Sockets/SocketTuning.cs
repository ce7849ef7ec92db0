using System.Net.Sockets;

namespace Im.Node.Sockets;

/// <summary>The options of our sockets.</summary>
internal static class SocketTuning
{
    /// <summary>
    /// What the kernel keeps of a connection's unsent bytes. Without it a client that does not read has megabytes waiting there, and is
    /// noticed only when they are full.
    /// </summary>
    private const int UnsentMaxBytes = 128 * 1024;

    private const int LinuxTcpLevel = 6;
    private const int LinuxTcpNotSentLowWater = 25;

    /// <summary>On Linux accepted sockets inherit it.</summary>
    public static void Listening(Socket socket)
    {
        if (OperatingSystem.IsLinux()) socket.SetRawSocketOption(LinuxTcpLevel, LinuxTcpNotSentLowWater, BitConverter.GetBytes(UnsentMaxBytes));
    }

    public static void Accepted(Socket socket)
    {
        socket.Blocking = false;
        socket.NoDelay = true;
    }
}
