using Microsoft.Extensions.Configuration;
using Quorate.Gateway.Regions;

namespace Quorate.Gateway.Tests.Regions;

public sealed class RegionsConfigurationTests
{
    [Fact]
    public void Read_Nothing_IsOneRegionByTheNameLocal()
    {
        var options = Read().Valid();

        Assert.True(options.AreOff);
        Assert.Equal(["local"], options.Served);
    }

    [Fact]
    public void Read_Embedded_ServesAllAndTheFirstCoordinates()
    {
        var options = Read("Regions:Embedded=eu,us,ap").Valid();

        Assert.Equal(["eu", "us", "ap"], options.All);
        Assert.Equal(options.All, options.Served);
        Assert.Equal(("eu", 1, true), (options.Coordinator, options.NodesPerRegion, options.AreEmbedded));
        Assert.Equal("us", options.SettingsOf("us").Self);
    }

    [Fact]
    public void Read_ARegionOfItsOwn_ServesItAndKnowsTheOthersInTheSameOrderEverywhere()
    {
        var us = Read("Regions:Self=us", "Regions:Listen=127.0.0.1:7101", "Regions:Peers=eu=http://127.0.0.1:7100,us=http://127.0.0.1:7101", "Regions:Coordinator=eu").Valid();
        var eu = Read("Regions:Self=eu", "Regions:Listen=127.0.0.1:7100", "Regions:Peers=us=http://127.0.0.1:7101", "Regions:Coordinator=eu").Valid();

        Assert.Equal(["us"], us.Served);
        Assert.Equal(["eu", "us"], us.All);
        Assert.Equal(us.All, eu.All);
        Assert.Equal(new Uri("http://127.0.0.1:7100"), Assert.Single(us.Peers).Value);
    }

    [Theory]
    [InlineData("Regions:Embedded", "Regions:Embedded=eu")]
    [InlineData("Regions:Embedded", "Regions:Embedded=eu,eu")]
    [InlineData("Regions:Embedded", "Regions:Embedded=eu,u s")]
    [InlineData("Regions:Embedded", "Regions:Embedded=eu,keys")]
    [InlineData("Regions:Self", "Regions:Embedded=eu,us", "Regions:Self=eu")]
    [InlineData("Cluster:Members", "Regions:Embedded=eu,us", "Cluster:Members=n1=127.0.0.1:1")]
    [InlineData("Regions:NodesPerRegion", "Regions:Embedded=eu,us", "Regions:NodesPerRegion=10")]
    [InlineData("Regions:Coordinator", "Regions:Embedded=eu,us", "Regions:Coordinator=ap")]
    [InlineData("Regions:BrakeShare", "Regions:Embedded=eu,us", "Regions:BrakeShare=0")]
    [InlineData("Regions:ClockBudgetMs", "Regions:Embedded=eu,us", "Regions:ClockBudgetMs=soon")]
    [InlineData("Regions:Peers", "Regions:Peers=eu=http://127.0.0.1:7100")]
    [InlineData("Regions:Listen", "Regions:Self=eu", "Regions:Peers=us=http://127.0.0.1:7101", "Regions:Coordinator=eu")]
    [InlineData("Regions:Listen", "Regions:Self=eu", "Regions:Listen=here", "Regions:Peers=us=http://127.0.0.1:7101", "Regions:Coordinator=eu")]
    [InlineData("Regions:Peers", "Regions:Self=eu", "Regions:Listen=127.0.0.1:7100", "Regions:Coordinator=eu")]
    [InlineData("Regions:Peers", "Regions:Self=eu", "Regions:Listen=127.0.0.1:7100", "Regions:Peers=us=http://127.0.0.1:7101,ap", "Regions:Coordinator=eu")]
    [InlineData("Regions:Coordinator", "Regions:Self=eu", "Regions:Listen=127.0.0.1:7100", "Regions:Peers=us=http://127.0.0.1:7101")]
    [InlineData("Regions:Secret", "Regions:Self=eu", "Regions:Listen=0.0.0.0:7100", "Regions:Peers=us=http://127.0.0.1:7101", "Regions:Coordinator=eu")]
    [InlineData("Regions:Secret", "Regions:Self=eu", "Regions:Listen=127.0.0.1:7100", "Regions:Peers=us=http://10.0.0.2:7101", "Regions:Coordinator=eu")]
    [InlineData("Regions:Secret", "Regions:Self=eu", "Regions:Listen=127.0.0.1:7100", "Regions:Peers=us=http://127.0.0.1:7101", "Regions:Coordinator=eu", "Regions:Secret=short")]
    [InlineData("Regions:Tls:Key", "Regions:Self=eu", "Regions:Listen=127.0.0.1:7100", "Regions:Peers=us=http://127.0.0.1:7101", "Regions:Coordinator=eu", "Regions:Tls:Certificate=/dev/null", "Regions:Tls:Authority=/dev/null")]
    public void Read_AMistake_IsToldWithItsKey(string key, params string[] settings) =>
        Assert.StartsWith(key, Assert.Single(Read(settings).Errors, error => error.Contains(key, StringComparison.Ordinal)), StringComparison.Ordinal);

    private static Reading Read(params string[] settings)
    {
        var errors = new List<string>();
        var pairs = settings.Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(pairs).Build();
        return new Reading(RegionsConfiguration.Read(configuration, errors), errors);
    }

    private sealed record Reading(RegionsOptions Options, List<string> Errors)
    {
        public RegionsOptions Valid()
        {
            Assert.Empty(Errors);
            return Options;
        }
    }
}
