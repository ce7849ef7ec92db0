using Im.Node;
using Im.Node.Lifetime;

RuntimeSettings.Apply();
return await NodeProgram.RunAsync(args).ConfigureAwait(false);
