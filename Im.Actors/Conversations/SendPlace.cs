namespace Im.Actors.Conversations;

/// <summary>
/// The place of a send in its window: what one connection has unanswered in one conversation, numbered from 1. The owner
/// takes only the next number; an owner that does not know the window begins at its oldest unanswered one. A window ends
/// when all of it is answered or when one was refused for a while; the connection's next one has a higher number.
/// </summary>
/// <param name="Window">Grows per connection.</param>
/// <param name="Number">1, 2, 3 … inside the window.</param>
/// <param name="Oldest">The lowest number not answered when this was sent.</param>
/// <param name="IsRepeat">It was sent before and may be stored.</param>
public sealed record SendPlace(string Connection, long Window, long Number, long Oldest, bool IsRepeat);
