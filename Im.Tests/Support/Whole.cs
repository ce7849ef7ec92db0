namespace Im.Tests.Support;

/// <summary>
/// Questions to all nodes, each of which has two seconds: one whose answer comes later than that is left out, and the answer says so. Here
/// the question is asked again until all have answered in time.
/// </summary>
internal static class Whole
{
    public static async Task<T> AnswerAsync<T>(Func<Task<T>> ask, Func<T, bool> isWhole)
    {
        T answer = default!;
        await Until.TrueAsync(async () => isWhole(answer = await ask()), () => $"{answer}");
        return answer;
    }
}
