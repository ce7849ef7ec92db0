namespace Im.Tests.Support;

/// <summary>Waits for something that follows on its own, by asking again until it is so.</summary>
internal static class Eventually
{
    public static async Task ShouldBeAsync<T>(Func<Task<T>> read, T expected)
    {
        var actual = default(T);
        await Until.TrueAsync(async () => Equals(actual = await read(), expected), () => $"Expected {expected}, read {actual}");
    }
}
