using Quorate.Node.Commands;

return NodeCommandLine.Run(args);
