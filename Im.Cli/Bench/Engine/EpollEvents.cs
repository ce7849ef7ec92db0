using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Im.Cli.Bench.Engine;

/// <summary>
/// An array of <c>struct epoll_event</c> outside the collector's reach. The structure is packed to 12 bytes on x86-64 and padded to 16 elsewhere
/// (<c>EPOLL_PACKED</c> in the kernel's header), so it is read by offset.
/// </summary>
internal sealed unsafe class EpollEvents(int capacity) : IDisposable
{
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private byte* _memory = (byte*)NativeMemory.AllocZeroed((nuint)(capacity * 16));

    public int Capacity => capacity;

    public byte* Memory => _memory;

    public uint Flags(int index) => Unsafe.ReadUnaligned<uint>(_memory + index * Stride);

    public int Data(int index) => Unsafe.ReadUnaligned<int>(_memory + index * Stride + DataOffset);

    /// <summary>Fills one event for <c>epoll_ctl</c>; <paramref name="target"/> has 16 bytes.</summary>
    public static void Fill(byte* target, uint flags, int data)
    {
        Unsafe.WriteUnaligned(target, flags);
        Unsafe.WriteUnaligned(target + DataOffset, (long)data);
    }

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _memory = null;
    }
}
