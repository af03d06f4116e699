using Quorate.Dashboard;
using Quorate.Gateway;
using Quorate.Gateway.Hosting;
using Quorate.Gateway.Replication;

if (FollowerProcess.IsAsked(args))
{
    return await FollowerProcess.RunAsync(args);
}

return await GatewayProcess.RunAsync(args, arguments =>
{
    var builder = GatewayHostExtensions.CreateBuilder(arguments);
    var address = builder.AddOwnAddress();
    builder.AddCluster();
    builder.AddLive();
    builder.Services.AddQuorateApi();
    builder.Services.AddDashboard(options => options.GatewayUrl = address);

    var app = builder.Build();
    app.UseQuorateProblems();
    app.UseBodyBudget();
    app.MapQuorateApi();
    app.MapLive();
    app.MapDashboard();
    return app;
});
