package dev.ermine.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A TLS connection that sends what it is told, byte for byte. */
public final class RawTls implements AutoCloseable {

  private static final Pattern LENGTH = Pattern.compile("(?i)\\r\\ncontent-length: (\\d+)\\r\\n");

  private final SSLSocket socket;

  /**
   * @param protocols the versions of TLS to speak; without any, the usual ones
   */
  public RawTls(SSLContext context, int port, String... protocols) throws IOException {
    socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    socket.setSoTimeout(20_000);
  }

  /** Names these hosts in the handshake, or none. */
  RawTls naming(String... hosts) {
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(Stream.of(hosts).<SNIServerName>map(SNIHostName::new).toList());
    socket.setSSLParameters(parameters);
    return this;
  }

  public RawTls send(String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return this;
  }

  /** One answer with a body of known length, head and all; empty when the server closes before. */
  public String readAnswer() throws IOException {
    StringBuilder answer = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (answer.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      answer.append((char) next);
    }
    Matcher length = LENGTH.matcher(answer);
    byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    return answer.append(new String(body, StandardCharsets.UTF_8)).toString();
  }

  /** What TLS agreed on. */
  public SSLSession session() {
    return socket.getSession();
  }

  /**
   * All that comes until the server closes; what came before a silence ends with {@code SILENCE}.
   */
  public String readToEnd() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        all.write(buffer, 0, n);
      }
    } catch (SocketTimeoutException e) {
      all.writeBytes("SILENCE".getBytes(StandardCharsets.ISO_8859_1));
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
