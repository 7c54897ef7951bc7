package dev.ermine.app;

import dev.ermine.region.RegionId;
import dev.ermine.region.Stage;
import dev.ermine.trust.Officer;
import dev.ermine.trust.Officers;
import dev.ermine.trust.Tenure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The officers' certificates where the configuration says they are. An officer without one signs
 * alone, and is not known at {@code /trust}.
 */
final class OfficerFiles {

  private final GatewayConfig config;
  private final Stage stage;
  private final List<String> faults = new ArrayList<>();

  OfficerFiles(GatewayConfig config, Stage stage) {
    this.config = config;
    this.stage = stage;
  }

  /** The officers whose certificate can be read. */
  Officers read() {
    List<Officer> officers = new ArrayList<>();
    Map<String, GatewayConfig.Officer> declared = new TreeMap<>(config.officers());
    declared.forEach((id, officer) -> read(id, officer).ifPresent(officers::add));
    return new Officers(officers);
  }

  /** What is wrong, each beginning with the property below {@code ermine.officers.}. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  private Optional<Officer> read(String id, GatewayConfig.Officer officer) {
    if (!RegionId.isValid(id)) {
      faults.add("`" + id + "`: is no officer's id; write lower-case words joined by hyphens");
      return Optional.empty();
    }
    if (officer.certificate().isEmpty()) {
      if (officer.roles().isPresent()) {
        faults.add(id + ".roles: are for who has a `certificate`; name it, or leave the roles out");
      }
      return Optional.empty();
    }
    if (officer.roles().filter(roles -> !roles.isEmpty()).isEmpty()) {
      faults.add(id + ".roles: are missing; name `viewer`, `explainer` or both");
    }
    return certificate(id, config.certsFile(officer.certificate().get()))
        .map(
            certificate ->
                new Officer(
                    id,
                    certificate,
                    officer.roles().orElse(Set.of()),
                    new Tenure(officer.from(), officer.until(), officer.revoked())));
  }

  private Optional<X509Certificate> certificate(String id, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends java.security.cert.Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.size() == 1 && found.iterator().next() instanceof X509Certificate certificate) {
        if (stage.refuses(certificate)) {
          faults.add(id + ".certificate: `" + file + "` " + Stage.FAULT);
        }
        return Optional.of(certificate);
      }
      faults.add(id + ".certificate: `" + file + "` does not hold one certificate in PEM, alone");
    } catch (IOException e) {
      faults.add(id + ".certificate: `" + file + "` cannot be read; say where the certificate is");
    } catch (CertificateException e) {
      // Not the cause: it may quote what the file holds, which could be a key.
      faults.add(id + ".certificate: `" + file + "` holds no certificate; write it in PEM");
    }
    return Optional.empty();
  }
}
