using System.Runtime.Serialization;

namespace Im.Actors.Serialization;

/// <summary>What a message cannot be without.</summary>
internal static class Required
{
    public static T Of<T>(T? part)
        where T : class =>
        part ?? throw new SerializationException($"A message without its {typeof(T).Name}.");
}
