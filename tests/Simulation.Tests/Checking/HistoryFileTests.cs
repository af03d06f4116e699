using Quorate.Simulation.Cli;

namespace Quorate.Simulation.Tests.Checking;

public sealed class HistoryFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Run_AppendsInOrder_PrintsLinearizable() => Expect(
        0,
        "linearizable",
        "kv",
        """{:process 0, :type :invoke, :f :append, :key "a", :value "x"}""",
        """{:process 1, :type :invoke, :f :get, :key "b", :value nil}""",
        """{:process 0, :type :ok, :f :append, :key "a", :value "x"}""",
        """{:process 1, :type :ok, :f :get, :key "b", :value ""}""",
        """{:process 1, :type :invoke, :f :append, :key "a", :value "y"}""",
        """{:process 0, :type :invoke, :f :get, :key "a", :value nil}""",
        """{:process 0, :type :ok, :f :get, :key "a", :value "xy"}""");

    [Fact]
    public void Run_OneKeyLostAnAppend_PrintsNotLinearizable() => Expect(
        1,
        "not-linearizable",
        "kv",
        """{:process 0, :type :invoke, :f :put, :key "b", :value "x"}""",
        """{:process 0, :type :ok, :f :put, :key "b", :value "x"}""",
        """{:process 0, :type :invoke, :f :append, :key "a", :value "x"}""",
        """{:process 0, :type :ok, :f :append, :key "a", :value "x"}""",
        """{:process 0, :type :invoke, :f :get, :key "a", :value nil}""",
        """{:process 0, :type :ok, :f :get, :key "a", :value ""}""");

    [Theory]
    [InlineData("register", "what is this")]
    [InlineData("register", "INFO  jepsen.util - 0\t:ok\t:read\t3")]
    [InlineData("register", "INFO  jepsen.util - 0\t:invoke\t:cas\t3")]
    [InlineData("kv", """{:process 0, :type :invoke, :f :swim, :key "a", :value "x"}""")]
    public void Run_MalformedLine_NamesItAndEndsWithThree(string model, string line)
    {
        File.WriteAllLines(_path, ["", line]);
        var (output, error) = (new StringWriter(), new StringWriter());

        var code = CheckHistoryCommand.Run([_path, "--model", model], output, error);

        Assert.Equal(3, code);
        Assert.Contains("line 2:", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    private void Expect(int code, string verdict, string model, params string[] lines)
    {
        File.WriteAllLines(_path, lines);
        var (output, error) = (new StringWriter(), new StringWriter());

        Assert.Equal(code, CheckHistoryCommand.Run([_path, "--model", model], output, error));
        Assert.Equal(verdict + Environment.NewLine, output.ToString());
        Assert.Empty(error.ToString());
    }
}
