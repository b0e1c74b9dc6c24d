using System.Globalization;

namespace NativeAdamax.Checkpoints.Interchange;

/// <summary>Reads the few literals of Python's that the header of a .npy file has.</summary>
internal sealed class LiteralReader(string text, string what)
{
    private int _at;

    /// <summary>The next character that is no space; '\0' at the end.</summary>
    public char Peek()
    {
        while (_at < text.Length && text[_at] is ' ' or '\n')
            _at++;
        return _at < text.Length ? text[_at] : '\0';
    }

    public bool Take(char character)
    {
        if (Peek() != character || _at == text.Length)
            return false;
        _at++;
        return true;
    }

    public void Expect(char character)
    {
        if (!Take(character))
            throw Refused($"The header has no {character} at character {_at}.");
    }

    public void ExpectEnd()
    {
        if (Peek() != '\0' || _at != text.Length)
            throw Refused($"The header goes on after its dictionary, at character {_at}.");
    }

    public string String()
    {
        char quote = Peek();
        int end = quote is '\'' or '"' ? text.IndexOf(quote, _at + 1) : -1;
        if (end < 0)
            throw Refused($"The header has no string at character {_at}.");
        string value = text[(_at + 1)..end];
        _at = end + 1;
        return value.Contains('\\', StringComparison.Ordinal)
            ? throw Refused("A string of the header has a backslash.")
            : value;
    }

    public bool Boolean()
    {
        _ = Peek();
        foreach ((string word, bool value) in ((string, bool)[])[("True", true), ("False", false)])
        {
            if (text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal))
            {
                _at += word.Length;
                return value;
            }
        }

        throw Refused("fortran_order is neither True nor False.");
    }

    /// <summary>A tuple of whole numbers from 0 on.</summary>
    public long[] Shape(int most)
    {
        List<long> lengths = [];
        bool comma = true;
        Expect('(');
        while (!Take(')'))
        {
            if (!comma)
                throw Refused($"The shape lacks a comma at character {_at}.");
            if (lengths.Count == most)
                throw Refused($"The shape has more than {most} dimensions.");
            lengths.Add(Integer());
            comma = Take(',');
        }

        return lengths.Count == 1 && !comma ? throw Refused("The shape is a number in brackets, no tuple.")
            : [.. lengths];
    }

    public CheckpointFormatException Refused(string why) => StoredZip.Refused(what, why);

    private long Integer()
    {
        _ = Peek();
        int start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            _at++;
        return long.TryParse(text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture,
            out long value)
            ? value
            : throw Refused($"The shape has no whole number below 2^63 at character {start}.");
    }
}
