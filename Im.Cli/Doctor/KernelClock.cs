using System.Runtime.InteropServices;

namespace Im.Cli.Doctor;

/// <summary>Whether a time service keeps the kernel's clock (adjtimex(2)).</summary>
internal static partial class KernelClock
{
    private const int TimeError = 5;
    private const int Bytes = 256;

    /// <summary>Null when the kernel does not tell.</summary>
    public static unsafe bool? IsSynchronized()
    {
        // Zero in the field `modes`, which is the first, asks only.
        var timex = stackalloc byte[Bytes];
        new Span<byte>(timex, Bytes).Clear();
        try
        {
            return Adjust(timex) switch
            {
                < 0 => null,
                TimeError => false,
                _ => true,
            };
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static unsafe partial int Adjust(byte* timex);
}
