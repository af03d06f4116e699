using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Tests.Problems;

public sealed class ClusterProblemsTests
{
    public static TheoryData<string> Codes() =>
        [.. typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Kind_OfEveryCodeOfTheContract_HasAnErrorStatus(string code) => Assert.InRange(ProblemKind.Of(code).Status, 400, 599);

    [Theory]
    [InlineData(typeof(NoQuorumException), ErrorCodes.NoQuorum, 503, "1")]
    [InlineData(typeof(OverloadedException), ErrorCodes.Overloaded, 429, "1")]
    [InlineData(typeof(DiskFullException), ErrorCodes.DiskFull, 507, null)]
    [InlineData(typeof(InvalidCastException), ErrorCodes.Internal, 500, null)]
    public async Task Exception_UnderApi_BecomesAProblem(Type type, string code, int status, string? retryAfter)
    {
        var error = type == typeof(NoQuorumException) ? new NoQuorumException(mayHaveHappened: true) : (Exception)Activator.CreateInstance(type)!;

        var (context, problem) = await RunAsync("/api/v1/kv/k", _ => throw error);

        Assert.Equal(status, context.Response.StatusCode);
        Assert.Equal(code, problem.Code);
        Assert.Equal(retryAfter, context.Response.Headers.RetryAfter.FirstOrDefault());
    }

    [Fact]
    public async Task Exception_Unexpected_IsLoggedAndNotShown()
    {
        var log = new List<Exception?>();

        var (_, problem) = await RunAsync("/api/v1/kv/k", _ => throw new InvalidCastException("secret"), new Recorder(log));

        Assert.DoesNotContain("secret", JsonSerializer.Serialize(problem), StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(problem.TraceId));
        Assert.Equal("secret", Assert.Single(log)!.Message);
    }

    [Fact]
    public async Task Exception_ElsewhereThanUnderApi_IsNotTouched() =>
        await Assert.ThrowsAsync<InvalidCastException>(() => RunAsync("/page", _ => throw new InvalidCastException()));

    [Fact]
    public void Result_ThatIsNoRefusal_HasNoProblem() =>
        Assert.Throws<InvalidOperationException>(() => ClusterProblems.Of(new CommandResult.KvDeleted(1)));

    [Fact]
    public void LockQueueFull_IsOverload()
    {
        var problem = ClusterProblems.Of(new CommandResult.LockQueueFull(1024));

        Assert.Equal(ErrorCodes.Overloaded, problem.Kind.Code);
        Assert.True(problem.RetryAfterMs > 0);
    }

    private static async Task<(HttpContext Context, Problem Problem)> RunAsync(
        string path, RequestDelegate next, ILogger<ProblemMiddleware>? logger = null)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().BuildServiceProvider() };
        var body = new MemoryStream();
        context.Request.Path = path;
        context.Response.Body = body;
        await new ProblemMiddleware(next, logger ?? NullLogger<ProblemMiddleware>.Instance).InvokeAsync(context);
        return (context, JsonSerializer.Deserialize<Problem>(body.ToArray(), Contracts.ContractJson.Options)!);
    }

    private sealed class Recorder(List<Exception?> log) : ILogger<ProblemMiddleware>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add(exception);
    }
}
