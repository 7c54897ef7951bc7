package dev.ermine.merge.document;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The URL of a document that a region gave, in three spellings: as the region wrote it, as one
 * plain segment of a path at the gateway, and as it is asked for.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3987#section-3.1">RFC 3987, 3.1: Mapping of IRIs
 *     to URIs</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4648#section-5">RFC 4648, 5: base64url</a>
 */
public final class DocumentLink {

  /** In bytes. More than that no link is made of. */
  private static final int LONGEST = 2_000;

  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  private static final String AS_THEY_ARE = UNRESERVED + ":/?#@!$&'()*+,;=";

  /** No URL has them, and yet they are written in URLs. */
  private static final String ESCAPED = " \"<>^`{|}[]";

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private DocumentLink() {}

  /** As a segment; empty where the URL is too long, or not text. */
  public static Optional<String> segment(String url) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(java.nio.CharBuffer.wrap(url));
      byte[] text = new byte[bytes.remaining()];
      bytes.get(text);
      return text.length == 0 || text.length > LONGEST
          ? Optional.empty()
          : Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(text));
    } catch (CharacterCodingException _) {
      // Half a surrogate pair: JSON lets it through, and no URL has it.
      return Optional.empty();
    }
  }

  /** The URL that {@link #segment} made it of; empty where it made it of none. */
  public static Optional<String> url(String segment) {
    try {
      byte[] text = Base64.getUrlDecoder().decode(segment);
      String url = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
      return Optional.of(url).filter(it -> segment(it).equals(Optional.of(segment)));
    } catch (IllegalArgumentException | CharacterCodingException _) {
      // A stranger wrote it.
      return Optional.empty();
    }
  }

  /** As it is asked for; empty where it could be read in more than one way. */
  public static Optional<URI> uri(String url) {
    StringBuilder plain = new StringBuilder(url.length());
    for (int i = 0; i < url.length(); ) {
      int c = url.codePointAt(i);
      if (AS_THEY_ARE.indexOf(c) >= 0 || (c == '%' && escaped(url, i).isPresent())) {
        plain.append((char) c);
      } else if ((c >= 0xa0 && !isHalf(c)) || ESCAPED.indexOf(c) >= 0) {
        escape(Character.toString(c), plain);
      } else {
        return Optional.empty();
      }
      i += Character.charCount(c);
    }
    try {
      return Optional.of(new URI(plain.toString()));
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  /** The same for all spellings of one URL: what needs no escape is written without. */
  public static String normal(String url) {
    String uri = uri(url).map(URI::toString).orElse(url);
    StringBuilder normal = new StringBuilder(uri.length());
    for (int i = 0; i < uri.length(); i++) {
      OptionalInt escaped = escaped(uri, i);
      if (escaped.isEmpty()) {
        normal.append(uri.charAt(i));
      } else if (UNRESERVED.indexOf(escaped.getAsInt()) >= 0) {
        normal.append((char) escaped.getAsInt());
        i += 2;
      } else {
        escape((byte) escaped.getAsInt(), normal);
        i += 2;
      }
    }
    return normal.toString();
  }

  /** The byte that {@code %XX} at {@code at} stands for. */
  private static OptionalInt escaped(String text, int at) {
    return text.charAt(at) == '%'
            && at + 2 < text.length()
            && HexFormat.isHexDigit(text.charAt(at + 1))
            && HexFormat.isHexDigit(text.charAt(at + 2))
        ? OptionalInt.of(HexFormat.fromHexDigits(text, at + 1, at + 3))
        : OptionalInt.empty();
  }

  private static boolean isHalf(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  private static void escape(String text, StringBuilder into) {
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      escape(each, into);
    }
  }

  private static void escape(byte each, StringBuilder into) {
    into.append('%').append(HEX.toHexDigits(each));
  }
}
