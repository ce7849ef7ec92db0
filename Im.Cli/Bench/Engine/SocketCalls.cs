using System.Net;
using System.Runtime.InteropServices;

namespace Im.Cli.Bench.Engine;

/// <summary>Opening, sending and ending of raw sockets. Errors are values: a failing connection is a figure, not an exception.</summary>
internal static unsafe class SocketCalls
{
    /// <summary>
    /// Begins a connect without blocking. With <paramref name="local"/> the port is chosen at connect time, so that each source address has its own port range.
    /// Returns the descriptor, or −errno.
    /// </summary>
    /// <param name="receiveBufferBytes">0 leaves the kernel's default, which grows; a slow reader wants a small one.</param>
    public static int BeginConnect(IPEndPoint remote, IPAddress? local, int receiveBufferBytes)
    {
        var fd = Libc.Socket(Libc.AfInet, Libc.SockStream | Libc.SockNonBlock | Libc.SockCloseOnExec, 0);
        if (fd < 0) return -Marshal.GetLastPInvokeError();
        var one = 1;
        _ = Libc.SetOption(fd, Libc.IpProtoTcp, Libc.TcpNoDelay, &one, sizeof(int));
        if (receiveBufferBytes > 0) _ = Libc.SetOption(fd, Libc.SolSocket, Libc.SoReceiveBuffer, &receiveBufferBytes, sizeof(int));
        if (local is not null)
        {
            _ = Libc.SetOption(fd, Libc.IpProtoIp, Libc.IpBindAddressNoPort, &one, sizeof(int));
            var from = Address(local, 0);
            if (Libc.Bind(fd, &from, sizeof(Libc.SockAddrIn)) != 0) return Fail(fd);
        }
        var to = Address(remote.Address, remote.Port);
        if (Libc.Connect(fd, &to, sizeof(Libc.SockAddrIn)) == 0 || Marshal.GetLastPInvokeError() == Libc.EInProgress) return fd;
        return Fail(fd);
    }

    /// <summary>Outcome of a connect that became writable: 0, or errno.</summary>
    public static int ConnectError(int fd)
    {
        int error = 0, length = sizeof(int);
        return Libc.GetOption(fd, Libc.SolSocket, Libc.SoError, &error, &length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    /// <summary>Returns the bytes that the kernel took, 0 when its buffer is full, or −errno.</summary>
    public static int Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
        {
            while (true)
            {
                var sent = Libc.Send(fd, pointer, bytes.Length, Libc.MsgNoSignal);
                if (sent >= 0) return (int)sent;
                var error = Marshal.GetLastPInvokeError();
                if (error == Libc.EIntr) continue;
                return error == Libc.EAgain ? 0 : -error;
            }
        }
    }

    /// <summary>Closes with RST instead of FIN: what a lost phone looks like, and no TIME_WAIT on this side.</summary>
    public static void Reset(int fd)
    {
        var linger = stackalloc int[2] { 1, 0 };
        _ = Libc.SetOption(fd, Libc.SolSocket, Libc.SoLinger, linger, 2 * sizeof(int));
        _ = Libc.Close(fd);
    }

    public static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    private static int Fail(int fd)
    {
        var error = Marshal.GetLastPInvokeError();
        _ = Libc.Close(fd);
        return -error;
    }

    private static Libc.SockAddrIn Address(IPAddress address, int port)
    {
        Span<byte> four = stackalloc byte[4];
        address.TryWriteBytes(four, out _);
        return new Libc.SockAddrIn
        {
            Family = Libc.AfInet,
            Port = (ushort)IPAddress.HostToNetworkOrder((short)port),
            Address = MemoryMarshal.Read<uint>(four),
        };
    }
}
