package dev.ermine.sandbox;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.RequestMethod;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Seven peer regions on this host: WireMock servers over TLS that let in the gateway's client
 * certificate alone, and answer from records on the class path.
 *
 * <p>A stub added to a {@linkplain #server server} comes before the region's own behaviour.
 */
public final class Sandbox implements AutoCloseable {

  /** The usual gateway's id, as its {@code act} and {@code hops} must have it. */
  static final String GATEWAY_ID = "ermine-east";

  private static final int LAST = 10;

  private final Map<PeerRegion, WireMockServer> servers;

  private Sandbox(Map<PeerRegion, WireMockServer> servers) {
    this.servers = servers;
  }

  /** Starts every region on a free port. */
  public static Sandbox start(DevPki pki) {
    return start(pki, Map.of());
  }

  /** Starts every region on the port that the top-level {@code regions.yaml} has for it. */
  public static Sandbox startOnUsualPorts(DevPki pki) {
    return start(
        pki,
        Arrays.stream(PeerRegion.values())
            .collect(Collectors.toMap(region -> region, PeerRegion::usualPort)));
  }

  /** Starts every region, on its port in {@code ports} or a free one. */
  public static Sandbox start(DevPki pki, Map<PeerRegion, Integer> ports) {
    return start(pki, ports, GATEWAY_ID);
  }

  /** Starts every region on a free port, for the gateway of that id. */
  public static Sandbox start(DevPki pki, String gateway) {
    return start(pki, Map.of(), gateway);
  }

  private static Sandbox start(DevPki pki, Map<PeerRegion, Integer> ports, String gateway) {
    var sandbox = new Sandbox(new EnumMap<>(PeerRegion.class));
    try {
      for (PeerRegion region : PeerRegion.values()) {
        sandbox.servers.put(region, serve(region, pki, ports.getOrDefault(region, 0), gateway));
      }
      return sandbox;
    } catch (RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  /** Where a region listens. */
  public int port(PeerRegion region) {
    return server(region).httpsPort();
  }

  /** A region's FHIR base. */
  public URI base(PeerRegion region) {
    return PeerRegion.base(port(region));
  }

  /** A region's server: to add stubs, to stop it. */
  public WireMockServer server(PeerRegion region) {
    return servers.get(region);
  }

  /**
   * What a region was asked, in order: not the requests that only open a connection, which the
   * gateway sends whenever it sees fit.
   */
  public List<ServeEvent> questions(PeerRegion region) {
    return server(region).getAllServeEvents().reversed().stream()
        .filter(event -> !opensOnly(event.getRequest()))
        .toList();
  }

  private static boolean opensOnly(LoggedRequest request) {
    return request.getMethod().equals(RequestMethod.HEAD)
        && request.getUrl().equals("/fhir/metadata")
        && !request.containsHeader("Authorization")
        && !request.containsHeader("traceparent");
  }

  @Override
  public void close() {
    servers.values().forEach(WireMockServer::stop);
  }

  /**
   * Runs the regions on their usual ports with the keys in {@code args[0]}, says so in one line,
   * and ends when its standard input does: with the process that started it.
   */
  public static void main(String[] args) throws IOException {
    Path keys = Path.of(args.length > 0 ? args[0] : "certs/dev");
    try (var sandbox = startOnUsualPorts(DevPki.in(keys))) {
      System.out.println("sandbox ready: " + sandbox.servers.keySet());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static WireMockServer serve(PeerRegion region, DevPki pki, int port, String gateway) {
    var record = new RegionRecord(region);
    var server = new WireMockServer(configuration(region, pki, port).extensions(record));
    server.stubFor(any(anyUrl()).atPriority(LAST).willReturn(answeredBy(record)));
    server.start();
    URI base = PeerRegion.base(server.httpsPort());
    record.open(new RegionService(region, base, tokenCheck(region, pki, base, gateway)));
    return server;
  }

  private static com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder answeredBy(
      RegionRecord record) {
    return aResponse().withTransformers(record.getName());
  }

  private static TokenCheck tokenCheck(PeerRegion region, DevPki pki, URI base, String gateway) {
    return new TokenCheck(
        pki.publicKeys(DevPki.GATEWAY),
        region.algorithm(),
        base,
        pki.thumbprint("gateway-client"),
        gateway);
  }

  private static WireMockConfiguration configuration(PeerRegion region, DevPki pki, int port) {
    return options()
        .bindAddress("127.0.0.1")
        .httpDisabled(true)
        .httpsPort(port)
        .http2TlsDisabled(true)
        .http2PlainDisabled(true)
        .gzipDisabled(true)
        .containerThreads(40)
        .maxRequestJournalEntries(500)
        .keystorePath(stored(pki.identity(region.id() + "-server")))
        .keystoreType("PKCS12")
        .keystorePassword(DevPki.STORE_PASSWORD)
        .keyManagerPassword(DevPki.STORE_PASSWORD)
        .needClientAuth(true)
        .trustStorePath(stored(pki.trust("gateway-ca")))
        .trustStoreType("PKCS12")
        .trustStorePassword(DevPki.STORE_PASSWORD);
  }

  /** A key store as a file of its owner's, gone when the process ends: WireMock wants paths. */
  private static String stored(KeyStore store) {
    try {
      Path file = Files.createTempFile("ermine-sandbox-", ".p12");
      file.toFile().deleteOnExit();
      try (OutputStream out = Files.newOutputStream(file)) {
        store.store(out, DevPki.STORE_PASSWORD.toCharArray());
      }
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
