package dev.ermine.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Whether an HTTP request is framed in the one way that everybody reads alike. The server's own
 * decoder is lenient here.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-11.2">RFC 9112: Request
 *     smuggling</a>
 */
final class Framing {

  private static final int MOST_HEADERS = 64;
  private static final List<String> ONCE =
      List.of(
          "host", "content-length", "content-type", "transfer-encoding", "expect", "authorization");
  private static final Set<String> BODILESS = Set.of("GET", "HEAD", "OPTIONS");

  /** RFC 6750 2.3, which nobody should implement. */
  private static final Pattern TOKEN_IN_URL = Pattern.compile("[?&]access_token=");

  private Framing() {}

  /** What is wrong, if anything. */
  static Optional<Fault> faultOf(HttpServerRequest request) {
    return faultOf(request.version(), request.method().name(), request.uri(), request.headers())
        .or(
            () ->
                isDirected(request.sslSession(), request.getHeader("host"))
                    ? Optional.empty()
                    : Optional.of(Fault.MISDIRECTED));
  }

  /** RFC 9110 7.4: the request is for the host that the handshake named, where it named one. */
  private static boolean isDirected(SSLSession session, @Nullable String host) {
    return !(session instanceof ExtendedSSLSession tls)
        || tls.getRequestedServerNames().stream()
            .filter(SNIHostName.class::isInstance)
            .map(name -> ((SNIHostName) name).getAsciiName())
            .allMatch(name -> host != null && isHost(host, name));
  }

  private static boolean isHost(String host, String name) {
    return host.replaceFirst(":[0-9]{1,5}$", "").equalsIgnoreCase(name);
  }

  static Optional<Fault> faultOf(
      HttpVersion version, String method, String target, MultiMap headers) {
    if (headers.entries().size() > MOST_HEADERS) {
      return Optional.of(Fault.HEADERS_TOO_LARGE);
    }
    if (TOKEN_IN_URL.matcher(target).find()) {
      return Optional.of(Fault.TOKEN_IN_URL);
    }
    boolean sound =
        version == HttpVersion.HTTP_1_1
            && originForm(target)
            && headersOnce(headers)
            && headers.contains("host")
            && valuesPlain(headers)
            && bodyFramed(method, headers);
    return sound ? Optional.empty() : Optional.of(Fault.HTTP_MALFORMED);
  }

  /** RFC 9112 3.2.1: a path, and nothing but visible ASCII. */
  private static boolean originForm(String target) {
    return target.startsWith("/") && target.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '#');
  }

  private static boolean headersOnce(MultiMap headers) {
    return ONCE.stream().allMatch(name -> headers.getAll(name).size() <= 1);
  }

  private static boolean valuesPlain(MultiMap headers) {
    for (Map.Entry<String, String> header : headers) {
      if (!header.getValue().chars().allMatch(c -> c == '\t' || (c >= 0x20 && c != 0x7f))) {
        return false;
      }
    }
    return true;
  }

  private static boolean bodyFramed(String method, MultiMap headers) {
    String encoding = headers.get("transfer-encoding");
    String length = headers.get("content-length");
    if (encoding != null) {
      return length == null && encoding.equals("chunked") && !BODILESS.contains(method);
    }
    return length == null
        || (length.matches("0|[1-9][0-9]{0,17}")
            && (length.equals("0") || !BODILESS.contains(method)));
  }
}
