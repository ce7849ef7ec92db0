using Im.Cli.Commands;

return await ImCommand.Create().Parse(args).InvokeAsync();
