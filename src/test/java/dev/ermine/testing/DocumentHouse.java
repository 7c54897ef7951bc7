package dev.ermine.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.EvilPeer.Line;
import dev.ermine.testing.EvilPeer.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;

/** A packaged gateway before one region, London, which has documents of one patient. */
public final class DocumentHouse implements AutoCloseable {

  /** How the region answers a request for a document. */
  @FunctionalInterface
  public interface Serving {
    void serve(Line line, Request request) throws IOException;
  }

  private final DevPki pki;
  private final EvilPeer london;
  private final GatewayProcess gateway;
  private final String regions;

  /**
   * Opens it.
   *
   * @param urls of the patient's documents, as JSON has them; {@code BASE} is the region's FHIR
   *     base, {@code STORE} the further base of its documents
   * @param jvm options of the gateway's JVM
   */
  public DocumentHouse(Path directory, List<String> urls, Serving serving, List<String> jvm) {
    this.pki = DevPki.in(directory.resolve("certs"));
    this.london =
        new EvilPeer(
            pki.tls("london-server", "gateway-ca"),
            line -> {
              for (Request request = line.next(); request != null; request = line.next()) {
                answer(line, request, urls, serving);
              }
            });
    this.regions = regions(london.base().toString(), store());
    this.gateway = GatewayProcess.start(pki, regions, directory, jvm);
  }

  private static String regions(String base, String store) {
    return """
        version: 1
        serial: 1
        gateway: { id: ermine-east, organisation: { ods: QM7, name: Hertfordshire and West Essex }, deadline: 30s }
        regions:
          hwe:
            name: HWE Care Record
            organisation: { ods: QM7, name: Hertfordshire and West Essex }
            status: active
            asks:
              issuer: https://hwe.example.nhs.uk
              algorithm: ES256
              keys: [ { jwks: hwe.jwks.json, use: active } ]
              certificates: [ { file: hwe-client.crt } ]
          wessex:
            name: Wessex Care Record
            organisation: { ods: QRL, name: Hampshire }
            status: active
            asks:
              issuer: https://wessex.example.nhs.uk
              algorithm: ES256
              keys: [ { jwks: wessex.jwks.json, use: active } ]
              certificates: [ { file: wessex-client.crt } ]
          london:
            name: London Care Record
            organisation: { ods: QMJ, name: North Central London }
            status: active
            answers:
              base: %1$s
              documents: [ %2$s ]
              anchors: [ london-ca.crt ]
              token: { audience: %1$s, algorithm: ES256, use: query }
              budget: 20s
              limits: { rate: 10000/s, queries: 5000, documents: 5000, document: 256MB }
              types: [Patient, DocumentReference, Binary]
        agreements:
          - id: DSA-1
            releases: london
            to: [hwe, wessex]
            purposes: [TREAT]
            roles: [R8000]
            types: [Patient, DocumentReference, Binary]
            ceiling: { unlabelled-documents: permit }
            relationship: required
            valid: { from: 2021-12-01, until: 2099-11-30 }
        """
        .formatted(base, store);
  }

  private void answer(Line line, Request request, List<String> urls, Serving serving)
      throws IOException {
    if (request.target().startsWith("/fhir/Patient")) {
      line.write(fhir(searchset(List.of(patient()))));
    } else if (request.target().startsWith("/fhir/DocumentReference")) {
      line.write(
          fhir(
              searchset(
                  IntStream.range(0, urls.size())
                      .mapToObj(i -> reference("d" + i, placed(urls.get(i))))
                      .toList())));
    } else {
      serving.serve(line, request);
    }
  }

  /** Where the region has documents beside its FHIR base. */
  public String store() {
    return "https://localhost:" + london.base().getPort() + "/store";
  }

  private String placed(String url) {
    return url.replace("BASE", london.base().toString()).replace("STORE", store());
  }

  public EvilPeer london() {
    return london;
  }

  public GatewayProcess gateway() {
    return gateway;
  }

  public Asker doctor() {
    return gateway.asker("hwe");
  }

  /** The byte of every document at that place. */
  public static byte at(long place) {
    return (byte) (place ^ (place >>> 8) ^ (place >>> 16) ^ (place >>> 24));
  }

  /** Those bytes of every document. */
  public static byte[] bytes(long from, long to) {
    byte[] bytes = new byte[Math.toIntExact(to - from)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = at(from + i);
    }
    return bytes;
  }

  /** Sends a PDF of that length, and counts what has been sent. */
  public static void send(Line line, long length, AtomicLong sent) throws IOException {
    line.write(head("200 OK", "Content-Length: " + length));
    for (long from = 0; from < length; ) {
      long to = Math.min(length, from + (1 << 16));
      line.write(bytes(from, to));
      sent.addAndGet(to - from);
      from = to;
    }
  }

  /** The head of a PDF. */
  public static String head(String status, String... headers) {
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Type: application/pdf\r\n"
        + String.join("\r\n", headers)
        + "\r\n\r\n";
  }

  /** Asks for a document with little room for what has not been read yet. */
  public SSLSocket asking(String path, String requestId) throws IOException {
    return asking("hwe", path, requestId);
  }

  /** The same of an asker of {@code region}. */
  public SSLSocket asking(String region, String path, String requestId) throws IOException {
    SSLSocket socket =
        (SSLSocket) pki.tls(region + "-client", "gateway-ca").getSocketFactory().createSocket();
    socket.setReceiveBufferSize(32 * 1024);
    socket.connect(new InetSocketAddress("localhost", gateway.base().getPort()));
    socket.setSoTimeout(30_000);
    String request =
        """
        GET %s HTTP/1.1
        Host: localhost:%d
        Authorization: Bearer %s
        Ermine-Patient: %s
        X-Request-Id: %s

        """
            .formatted(
                path,
                gateway.base().getPort(),
                gateway.asker(region).token(),
                Asker.NHS_NUMBER + Stories.OTHER_SUBJECT,
                requestId)
            .replace("\n", "\r\n");
    socket.getOutputStream().write(request.getBytes(US_ASCII));
    return socket;
  }

  /** The head of a response, read to its end and no further. */
  public static String headOf(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the response ended in its head: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** Suspends those, as an officer's editor does: beside the file, then in its place. */
  public void suspend(String... those) {
    String text = regions;
    for (String region : those) {
      int at = text.indexOf("status: active", text.indexOf("  " + region + ":\n"));
      text =
          text.substring(0, at)
              + "status: suspended\n    public: An incident is being looked into."
              + text.substring(text.indexOf('\n', at));
    }
    write(text);
  }

  private void write(String text) {
    try {
      Path edited = Files.writeString(gateway.regions().resolveSibling("edited.yaml"), text);
      Files.move(
          edited,
          gateway.regions(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    london.close();
  }

  private static String patient() {
    return """
        {"resourceType":"Patient","id":"p1","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"%s"}]}"""
        .formatted(Stories.OTHER_SUBJECT);
  }

  private static String reference(String id, String url) {
    return """
        {"resourceType":"DocumentReference","id":"%s","subject":{"reference":"Patient/p1"},"content":[{"attachment":{"contentType":"application/pdf","url":"%s"}}]}"""
        .formatted(id, url);
  }

  private static String searchset(List<String> resources) {
    return resources.stream()
        .map("{\"resource\":%s}"::formatted)
        .collect(
            Collectors.joining(
                ",", "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[", "]}"));
  }

  private static String fhir(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: "
        + body.getBytes(UTF_8).length
        + "\r\n\r\n"
        + body;
  }
}
