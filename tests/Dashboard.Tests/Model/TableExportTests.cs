using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Tests.Model;

public class TableExportTests
{
    [Fact]
    public void Csv_AwkwardCells_AreQuoted() =>
        Assert.Equal("a,b\r\n\"x,\"\"y\"\"\",1.5\r\n", TableExport.Csv(["a", "b"], [["x,\"y\"", 1.5]]));

    [Fact]
    public void Csv_Formula_IsDisarmed() => Assert.Equal("a\r\n'=1+1\r\n", TableExport.Csv(["a"], [["=1+1"]]));

    [Fact]
    public void Csv_NegativeNumber_StaysANumber() => Assert.Equal("a\r\n-5\r\n", TableExport.Csv(["a"], [[-5]]));

    [Fact]
    public void Json_Rows_BecomeObjects() =>
        Assert.Equal("""[{"a":"x","b":null}]""", TableExport.ToJson(["a", "b"], [["x", null]]).Replace("\n", "").Replace(" ", ""));
}
