namespace Im.Node.Security;

/// <summary>On an endpoint: how it says that the server failed, when its callers know a form of their own.</summary>
internal sealed record ErrorAnswerMetadata(Func<HttpContext, Task> WriteAsync);
