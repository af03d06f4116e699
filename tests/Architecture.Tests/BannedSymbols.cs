using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Quorate.Architecture.Tests;

/// <summary>
/// Finds uses of banned symbols in a compiled assembly, from its tables of referenced types and members. Independent of the
/// analyzer that reads the same list: a suppressed warning does not hide anything here.
/// </summary>
internal sealed class BannedSymbols
{
    // Inserted by the compiler into every method with a yield, to give each enumeration its own state.
    private const string CalledByIterators = "System.Environment.get_CurrentManagedThreadId";

    private readonly HashSet<string> _types = [];
    private readonly HashSet<string> _members = [];

    /// <param name="lines">
    /// Lines as the analyzer reads them: <c>T:Namespace.Type</c>, <c>M:Namespace.Type.Method</c> or <c>P:Namespace.Type.Property</c>,
    /// then a semicolon and a reason.
    /// </param>
    public BannedSymbols(IEnumerable<string> lines)
    {
        foreach (var symbol in lines.Select(line => line.Split(';')[0].Trim()).Where(symbol => symbol.Length > 0))
        {
            var (kind, name) = (symbol[..2], symbol[2..].Split('(')[0]);
            switch (kind)
            {
                case "T:":
                    _types.Add(name);
                    break;
                case "M:":
                    _members.Add(name);
                    break;
                case "P:":
                    var dot = name.LastIndexOf('.');
                    _members.Add($"{name[..dot]}.get_{name[(dot + 1)..]}");
                    _members.Add($"{name[..dot]}.set_{name[(dot + 1)..]}");
                    break;
                default:
                    throw new FormatException($"cannot read banned symbol '{symbol}'");
            }
        }
    }

    public int Count => _types.Count + _members.Count;

    public IReadOnlyList<string> UsedBy(string assemblyPath)
    {
        using var reader = new PEReader(File.OpenRead(assemblyPath));
        var metadata = reader.GetMetadataReader();
        var calls = metadata.MemberReferences
            .Select(metadata.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => (Type: FullName(metadata, (TypeReferenceHandle)member.Parent), Member: metadata.GetString(member.Name)))
            .ToLookup(call => call.Type, call => $"{call.Type}.{call.Member}");
        var types = metadata.TypeReferences
            .Select(handle => FullName(metadata, handle))
            .Where(type => _types.Contains(type) && (!calls.Contains(type) || calls[type].Any(call => call != CalledByIterators)));
        var members = calls.SelectMany(group => group).Where(_members.Contains);
        return [.. types.Concat(members).Distinct().Order(StringComparer.Ordinal)];
    }

    private static string FullName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            return $"{FullName(metadata, (TypeReferenceHandle)type.ResolutionScope)}.{name}";
        }

        var space = metadata.GetString(type.Namespace);
        return space.Length == 0 ? name : $"{space}.{name}";
    }
}
