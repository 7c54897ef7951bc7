package dev.ermine.http;

import dev.ermine.fhir.Issue;
import dev.ermine.fhir.Parameter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Text in {@code application/x-www-form-urlencoded}, read strictly: a URL's query or a form's body.
 * Where the usual decoders guess (bad escapes, bad UTF-8, control characters), this refuses.
 *
 * @see <a href="https://url.spec.whatwg.org/#application/x-www-form-urlencoded">URL Standard</a>
 */
final class FormText {

  private FormText() {}

  /** What became of the text. */
  sealed interface Parsed {
    /** Its parameters, in order. */
    record Parameters(List<Parameter> list) implements Parsed {
      public Parameters {
        list = List.copyOf(list);
      }
    }

    /** It is not of the form. */
    record Malformed(Issue issue) implements Parsed {}
  }

  /** Reads the parameters of {@code text}; empty ones between two {@code &} are skipped. */
  static Parsed parse(byte[] text) {
    List<Parameter> parameters = new ArrayList<>();
    try {
      int start = 0;
      for (int i = 0; i <= text.length; i++) {
        if (i == text.length || text[i] == '&') {
          if (i > start) {
            parameters.add(parameter(text, start, i));
          }
          start = i + 1;
        }
      }
    } catch (NotForm e) {
      return new Parsed.Malformed(Issue.error(Issue.Code.STRUCTURE, e.mend));
    }
    return new Parsed.Parameters(parameters);
  }

  private static Parameter parameter(byte[] text, int from, int to) throws NotForm {
    int equals = from;
    while (equals < to && text[equals] != '=') {
      equals++;
    }
    String name = decode(text, from, equals);
    if (name.isEmpty() || equals == to) {
      throw new NotForm("write each parameter as `name=value`");
    }
    return new Parameter(name, decode(text, equals + 1, to));
  }

  private static String decode(byte[] text, int from, int to) throws NotForm {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(to - from);
    for (int i = from; i < to; i++) {
      switch (text[i]) {
        case '+' -> bytes.write(' ');
        case '%' -> {
          if (i + 2 >= to) {
            throw NotForm.escape();
          }
          bytes.write(hex(text[i + 1]) << 4 | hex(text[i + 2]));
          i += 2;
        }
        default -> bytes.write(text[i]);
      }
    }
    return plain(bytes.toByteArray());
  }

  private static int hex(byte b) throws NotForm {
    int digit = b < 0 ? -1 : Character.digit((char) b, 16);
    if (digit < 0) {
      throw NotForm.escape();
    }
    return digit;
  }

  private static String plain(byte[] bytes) throws NotForm {
    String text;
    try {
      // A fresh decoder reports what is malformed; String's constructor would replace it.
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new NotForm("write parameters in UTF-8");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new NotForm("leave control characters out of parameters");
    }
    return text;
  }

  /** Says what is wrong, without the text. */
  private static final class NotForm extends Exception {
    private static final long serialVersionUID = 1L;
    private final String mend;

    NotForm(String mend) {
      super(mend, null, false, false);
      this.mend = mend;
    }

    static NotForm escape() {
      return new NotForm("write `%` as `%25`, or with two hex digits after it");
    }
  }
}
