package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.region.Reading;
import dev.ermine.region.SignableFile;
import dev.ermine.testing.Deployment;
import dev.ermine.testing.Kustomization;
import dev.ermine.testing.Manifests;
import dev.ermine.testing.PodFiles;
import dev.ermine.trust.OfficerKey;
import dev.ermine.trust.OfficerSignatures;
import dev.ermine.trust.Signatory;
import dev.ermine.trust.Tenure;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.apps.StatefulSetPersistentVolumeClaimRetentionPolicy;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.smallrye.config.WithDefault;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The manifests of {@code k8s}: read strictly, built, and each part of a pod held against the
 * others and against the gateway. Who may reach whom is {@link KubernetesNetworkTest}'s.
 */
class KubernetesTest {

  /** Properties of these types need not be set, nor have a default. */
  private static final Set<Class<?>> MAY_BE_LEFT_OUT =
      Set.of(Optional.class, OptionalInt.class, Map.class);

  private static final Path GUIDE = Path.of("k8s", "README.md");

  /** The longest that the gateway may take from SIGTERM to its end, beside a query's deadline. */
  private static final List<Duration> ENDING =
      List.of(
          Duration.ofSeconds(5), // it still lets in
          Duration.ofSeconds(15), // around each query that it has let in
          Duration.ofSeconds(5)); // the last of the audit, and the process

  /** The longest that it may take to find out whether the audit's disk answers. */
  private static final Duration LOOK_AT_AUDIT = Duration.ofSeconds(2);

  /** The options of the image's JVM. */
  private static final Path JVM = Path.of("src", "main", "docker", "jvm.options");

  /** Those of them that bound what it takes. */
  private static final Pattern BOUND =
      Pattern.compile(
          "(?m)^-(Xmx|XX:(?:MaxDirectMemory|MaxMetaspace|ReservedCodeCache)Size=)(\\d+)m$");

  /** MiB for what has no option: stacks, the collector, the C library, the AOT cache. */
  private static final long UNBOUNDED = 192;

  @TempDir static Path project;

  static List<Deployment> all;
  static List<Deployment> overlays;

  private static Deployment local;
  private static Deployment production;

  @BeforeAll
  static void build() {
    Deployment.copyProject(project);
    local = Deployment.of(project, "overlays/local");
    production = Deployment.of(project, "overlays/production");
    overlays = List.of(local, production);
    all = List.of(Deployment.of(project, "base"), local, production);
  }

  @Test
  void refuseAFieldThatKubernetesDoesNotKnow() throws IOException {
    String yaml = Files.readString(Path.of("k8s/base/stateful-set.yaml"));
    List<ObjectNode> mistyped =
        Kustomization.documents(yaml.replace("readOnlyRootFilesystem", "readOnlyRootFileSystem"));
    assertThatThrownBy(() -> Manifests.of(mistyped))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("readOnlyRootFileSystem");
  }

  @Test
  void leaveNoFileOut() throws IOException {
    Set<Path> used = new TreeSet<>();
    all.forEach(deployment -> used.addAll(deployment.built().files()));
    try (Stream<Path> files = Files.walk(project.resolve("k8s"))) {
      assertThat(files.filter(Files::isRegularFile))
          .filteredOn(file -> !file.toString().endsWith(".md"))
          .isSubsetOf(used);
    }
  }

  @Nested
  @ParameterizedClass
  @FieldSource("dev.ermine.KubernetesTest#all")
  class Each {

    @Parameter Deployment it;

    @Test
    void isBuiltJustSoByKubectl() throws Exception {
      assumeTrue(hasKubectl(), "there is no kubectl here");
      assertThat(byName(kustomize(it.directory()))).isEqualTo(byName(it.built().objects()));
    }

    @Test
    void isLabelled() {
      assertThat(it.manifests().all())
          .allSatisfy(
              object ->
                  assertThat(object.getMetadata().getLabels())
                      .as("%s %s", object.getKind(), object.getMetadata().getName())
                      .containsEntry("app.kubernetes.io/name", "ermine"));
    }

    @Test
    void liesInANamespaceThatHoldsPodsToTheStrictestStandard() {
      Namespace namespace = it.manifests().the(Namespace.class);
      assertThat(namespace.getMetadata().getLabels())
          .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
      assertThat(it.manifests().all())
          .filteredOn(object -> !object.equals(namespace))
          .extracting(object -> object.getMetadata().getNamespace())
          .containsOnly(namespace.getMetadata().getName());
    }

    @Test
    void runsWithoutPrivilege() {
      PodSecurityContext pod = it.pod().getSecurityContext();
      assertThat(pod.getRunAsNonRoot()).isTrue();
      assertThat(pod.getRunAsUser()).isPositive();
      assertThat(pod.getRunAsGroup()).isPositive();
      assertThat(pod.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
      assertThat(List.of(it.pod()))
          .extracting("hostNetwork", "hostPID", "hostIPC")
          .containsOnly(tuple(null, null, null));
      assertThat(containers())
          .extracting(Container::getSecurityContext)
          .allSatisfy(KubernetesTest::isRestricted);
    }

    @Test
    void hasATokenOfKubernetesOnlyToWatchWithAndNoVariables() {
      ServiceAccount account = it.manifests().the(ServiceAccount.class);
      assertThat(it.pod().getServiceAccountName()).isEqualTo(account.getMetadata().getName());
      assertThat(account.getAutomountServiceAccountToken()).isFalse();
      assertThat(it.pod().getAutomountServiceAccountToken())
          .isEqualTo(it.env().containsKey("ERMINE_TRUST_CONFIG_MAP"));
      assertThat(it.pod().getEnableServiceLinks()).isFalse();
    }

    @Test
    void isBoundedInAllItUses() {
      assertThat(containers())
          .extracting(Container::getResources)
          .allSatisfy(
              resources -> {
                assertThat(resources.getLimits())
                    .containsOnlyKeys("cpu", "memory", "ephemeral-storage");
                assertThat(resources.getRequests())
                    .containsOnlyKeys("cpu", "memory", "ephemeral-storage")
                    .containsEntry("memory", resources.getLimits().get("memory"));
              });
    }

    @Test
    void hasMemoryForAllThatTheJvmMayTake() throws IOException {
      Map<String, Long> mebibytes =
          BOUND
              .matcher(Files.readString(JVM))
              .results()
              .collect(Collectors.toMap(m -> m.group(1), m -> Long.parseLong(m.group(2))));
      assertThat(mebibytes).hasSize(4);
      assertThat(mebibytes.get("Xmx")).isGreaterThanOrEqualTo(256);
      long sum = mebibytes.values().stream().mapToLong(Long::longValue).sum() + UNBOUNDED;
      Quantity limit = it.gateway().getResources().getLimits().get("memory");
      assertThat(limit.getNumericalAmount().longValueExact()).isGreaterThanOrEqualTo(sum << 20);
    }

    @Test
    void isProbedAtTheManagementPort() {
      Container gateway = it.gateway();
      assertThat(gateway.getStartupProbe().getHttpGet()).satisfies(at("/q/health/started"));
      assertThat(gateway.getLivenessProbe().getHttpGet()).satisfies(at("/q/health/live"));
      assertThat(gateway.getReadinessProbe().getHttpGet()).satisfies(at("/q/health/ready"));
      assertThat(Duration.ofSeconds(gateway.getReadinessProbe().getTimeoutSeconds()))
          .isGreaterThan(LOOK_AT_AUDIT);
    }

    @Test
    void isMeasuredAtTheManagementPort() {
      assertThat(it.template().getMetadata().getAnnotations())
          .containsEntry("prometheus.io/path", "/q/metrics")
          .containsEntry("prometheus.io/port", String.valueOf(it.port("management")));
    }

    @Test
    void keepsItsAuditAndWaitsForNoOtherPod() {
      assertThat(it.set().getPodManagementPolicy()).isEqualTo("Parallel");
      assertThat(it.set().getUpdateStrategy().getType()).isEqualTo("RollingUpdate");
      assertThat(it.set().getPersistentVolumeClaimRetentionPolicy())
          .isEqualTo(new StatefulSetPersistentVolumeClaimRetentionPolicy("Retain", "Retain"));
      assertThat(it.manifests().named(Service.class, it.set().getServiceName()))
          .hasValueSatisfying(
              service -> assertThat(service.getSpec().getClusterIP()).isEqualTo("None"));
    }

    @Test
    void spreadsOverZonesAndNodes() {
      assertThat(it.pod().getTopologySpreadConstraints())
          .allSatisfy(
              constraint -> {
                assertThat(constraint.getMaxSkew()).isEqualTo(1);
                assertThat(it.template().getMetadata().getLabels())
                    .containsAllEntriesOf(constraint.getLabelSelector().getMatchLabels());
              })
          .extracting(TopologySpreadConstraint::getTopologyKey)
          .containsExactly("topology.kubernetes.io/zone", "kubernetes.io/hostname");
    }

    /** Of one pod as well as of many: what needs a pod to stay could never be updated. */
    @Test
    void lendsOnePodAtATimeToWhoeverEmptiesNodes() {
      var budget = it.manifests().the(PodDisruptionBudget.class).getSpec();
      assertThat(budget.getMinAvailable()).isNull();
      assertThat(budget.getMaxUnavailable()).isEqualTo(new IntOrString(1));
      assertThat(budget.getUnhealthyPodEvictionPolicy()).isEqualTo("AlwaysAllow");
      assertThat(it.template().getMetadata().getLabels())
          .isEqualTo(budget.getSelector().getMatchLabels())
          .isEqualTo(it.set().getSelector().getMatchLabels());
    }

    @Test
    void mountsEachVolumeWholeAndWritesToItsClaimAlone() {
      List<String> claims =
          it.set().getVolumeClaimTemplates().stream().map(c -> c.getMetadata().getName()).toList();
      assertThat(it.gateway().getVolumeMounts())
          .allSatisfy(
              mount -> {
                assertThat(mount.getSubPath()).isNull();
                assertThat(mount.getSubPathExpr()).isNull();
                assertThat(Boolean.TRUE.equals(mount.getReadOnly()))
                    .isNotEqualTo(claims.contains(mount.getName()));
              })
          .extracting(VolumeMount::getName)
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(it.pod().getVolumes().stream().map(Volume::getName), claims.stream())
                  .toList());
    }

    @Test
    void showsItsFilesToItsOwnGroupAlone() {
      assertThat(it.pod().getSecurityContext().getFsGroup())
          .isEqualTo(it.pod().getSecurityContext().getRunAsGroup());
      assertThat(it.pod().getVolumes())
          .extracting(
              volume ->
                  volume.getConfigMap() == null
                      ? volume.getProjected().getDefaultMode()
                      : volume.getConfigMap().getDefaultMode())
          .containsOnly(0440);
      assertThat(secrets().flatMap(secret -> secret.getItems().stream()))
          .isNotEmpty()
          .extracting(KeyToPath::getMode)
          .containsOnlyNulls();
    }

    /** Of files of one name the last stays. */
    @Test
    void letsNoPublicFileCoverAKey() {
      assertThat(projections().map(source -> source.getSecret() != null))
          .contains(false, true)
          .isSorted();
    }

    @Test
    void asksOfTheDeployerWhatTheGuideTells() throws IOException {
      String guide = Files.readString(GUIDE);
      Stream<String> missing =
          Stream.concat(
              configMaps().filter(name -> it.manifests().named(ConfigMap.class, name).isEmpty()),
              secrets()
                  .filter(secret -> it.manifests().named(Secret.class, secret.getName()).isEmpty())
                  .flatMap(KubernetesTest::nameAndKeys));
      assertThat(missing).allSatisfy(name -> assertThat(guide).contains("`" + name + "`"));
    }

    @Test
    void setsWhatTheGatewayReads() {
      assertThat(it.gateway().getEnvFrom()).isEmpty();
      assertThat(it.gateway().getEnv())
          .extracting(EnvVar::getName)
          .doesNotHaveDuplicates()
          .filteredOn(name -> !name.equals("QUARKUS_PROFILE"))
          .filteredOn(name -> !name.matches("ERMINE_OFFICERS_[A-Z]+_KEY"))
          .isSubsetOf(Deployment.properties().keySet());
    }

    @Test
    void namesPathsThatAreMounted() {
      assertThat(it.env().keySet())
          .filteredOn(KubernetesTest::isPath)
          .extracting(this::mountOf)
          .containsExactly("audit", "certs", "regions", "suspensions");
    }

    private String mountOf(String variable) {
      Path path = Path.of(it.env().get(variable));
      return it.gateway().getVolumeMounts().stream()
          .filter(mount -> path.startsWith(mount.getMountPath()))
          .findFirst()
          .map(VolumeMount::getName)
          .orElseThrow(() -> new AssertionError("`" + path + "` is in no volume"));
    }

    private Consumer<HTTPGetAction> at(String path) {
      return get -> {
        assertThat(get.getPath()).isEqualTo(path);
        assertThat(it.port(get.getPort())).isEqualTo(it.port("management"));
      };
    }

    private List<Container> containers() {
      return Stream.of(it.pod().getContainers(), it.pod().getInitContainers())
          .flatMap(List::stream)
          .toList();
    }

    private Stream<VolumeProjection> projections() {
      return it.pod().getVolumes().stream()
          .filter(volume -> volume.getProjected() != null)
          .flatMap(volume -> volume.getProjected().getSources().stream());
    }

    private Stream<SecretProjection> secrets() {
      return projections().map(VolumeProjection::getSecret).filter(Objects::nonNull);
    }

    private Stream<String> configMaps() {
      return Stream.concat(
          projections()
              .map(VolumeProjection::getConfigMap)
              .filter(Objects::nonNull)
              .map(source -> source.getName()),
          it.pod().getVolumes().stream()
              .map(Volume::getConfigMap)
              .filter(Objects::nonNull)
              .map(source -> source.getName()));
    }
  }

  @Nested
  @ParameterizedClass
  @FieldSource("dev.ermine.KubernetesTest#overlays")
  class Overlay {

    @Parameter Deployment it;

    @TempDir Path root;

    @Test
    void saysWhatHasNoDefault() {
      assertThat(Deployment.properties().entrySet())
          .filteredOn(property -> !property.getValue().isAnnotationPresent(WithDefault.class))
          .filteredOn(property -> !MAY_BE_LEFT_OUT.contains(property.getValue().getReturnType()))
          .extracting(Map.Entry::getKey)
          .isNotEmpty()
          .isSubsetOf(it.env().keySet());
    }

    @Test
    void namesAnImage() {
      assertThat(it.gateway().getImage()).matches("[a-z./]*ermine(:local|@sha256:[0-9a-f]{64})");
    }

    @Test
    void hasEveryKeyWhereTheGatewayLooksForIt() {
      Path certs = it.files(local, root).at(it.env().get("ERMINE_CERTS"));
      assertThat(Deployment.properties().entrySet())
          .filteredOn(property -> isPath(property.getKey()))
          .filteredOn(property -> !it.env().containsKey(property.getKey()))
          .extracting(property -> property.getValue().getAnnotation(WithDefault.class).value())
          .contains("gateway-server.key")
          .allSatisfy(name -> assertThat(certs.resolve(name)).isRegularFile());
    }

    @Test
    void hasEveryFileThatItsRegionsName() {
      assertThat(it.regions(it.files(local, root))).isInstanceOf(Reading.Loaded.class);
    }

    @Test
    void takesNewRegionsInWithoutARestart() {
      assertThat(it.manifests().all(ConfigMap.class))
          .isNotEmpty()
          .extracting(ConfigMap::getImmutable)
          .containsOnlyNulls();
    }

    @Test
    void leavesAPodTheTimeToEndWell() {
      var regions = ((Reading.Loaded) it.regions(it.files(local, root))).regions();
      Duration before =
          Duration.ofSeconds(it.gateway().getLifecycle().getPreStop().getSleep().getSeconds());
      assertThat(before).isPositive();
      assertThat(Duration.ofSeconds(it.pod().getTerminationGracePeriodSeconds()))
          .isGreaterThanOrEqualTo(
              ENDING.stream().reduce(before.plus(regions.gateway().deadline()), Duration::plus));
    }

    @Test
    void leavesTheNumberOfPodsToOneWhoDecides() {
      assertThat(it.set().getReplicas() == null)
          .isEqualTo(!it.manifests().all(HorizontalPodAutoscaler.class).isEmpty());
    }
  }

  /** Whoever has a pod's token can do no more with it than the pod. */
  @Test
  void productionMayWatchItsSuspensionsAndDoNothingElseInKubernetes() {
    ConfigMapVolumeSource mounted =
        production.pod().getVolumes().stream()
            .filter(volume -> volume.getName().equals("suspensions"))
            .findFirst()
            .orElseThrow()
            .getConfigMap();
    assertThat(mounted.getOptional()).isTrue();
    assertThat(production.env())
        .containsEntry("ERMINE_TRUST_CONFIG_MAP", "ermine/" + mounted.getName());
    assertThat(production.manifests().the(Role.class).getRules())
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.getApiGroups()).containsExactly("");
              assertThat(rule.getResources()).containsExactly("configmaps");
              assertThat(rule.getResourceNames()).containsExactly(mounted.getName());
              assertThat(rule.getVerbs()).containsExactlyInAnyOrder("get", "list", "watch");
            });
    RoleBinding binding = production.manifests().the(RoleBinding.class);
    assertThat(binding.getRoleRef().getName())
        .isEqualTo(production.manifests().the(Role.class).getMetadata().getName());
    assertThat(binding.getSubjects())
        .extracting("kind", "name", "namespace")
        .containsExactly(
            tuple("ServiceAccount", production.pod().getServiceAccountName(), "ermine"));
    assertThat(local.manifests().all(Role.class)).isEmpty();
    assertThat(local.manifests().all(RoleBinding.class)).isEmpty();
  }

  @Test
  void productionKnowsItsOfficersAndWhatTheySign(@TempDir Path root) {
    PodFiles files = production.files(local, root);
    List<Signatory> officers =
        production.env().entrySet().stream()
            .filter(variable -> variable.getKey().startsWith("ERMINE_OFFICERS_"))
            .map(variable -> officer(variable.getKey(), files.at(variable.getValue())))
            .toList();
    assertThat(officers).hasSizeGreaterThanOrEqualTo(2);
    assertThat(OfficerSignatures.sharing(officers)).isEmpty();
    assertThat(SignableFile.signaturesOf(files.at(production.env().get("ERMINE_REGIONS"))))
        .isRegularFile();
    assertThat(production.env()).doesNotContainKey("QUARKUS_PROFILE");
  }

  private static Signatory officer(String variable, Path key) {
    String id = variable.replaceAll("ERMINE_OFFICERS_|_KEY", "").toLowerCase(Locale.ROOT);
    return new Signatory(id, OfficerKey.readPublic(key), Tenure.ALWAYS);
  }

  @Test
  void productionGrowsFastAndShrinksSlowly() {
    HorizontalPodAutoscalerSpec scaling =
        production.manifests().the(HorizontalPodAutoscaler.class).getSpec();
    assertThat(production.manifests().all())
        .filteredOn(object -> object.getKind().equals(scaling.getScaleTargetRef().getKind()))
        .extracting(object -> object.getMetadata().getName())
        .containsExactly(scaling.getScaleTargetRef().getName());
    assertThat(scaling.getMinReplicas()).isBetween(3, scaling.getMaxReplicas() - 1);
    HPAScalingRules down = scaling.getBehavior().getScaleDown();
    HPAScalingRules up = scaling.getBehavior().getScaleUp();
    assertThat(down.getStabilizationWindowSeconds())
        .isGreaterThan(up.getStabilizationWindowSeconds());
    assertThat(down.getPolicies())
        .singleElement()
        .satisfies(policy -> assertThat(policy.getValue()).isEqualTo(1));
  }

  @Test
  void productionCountsQueriesInFlightAsTheGuideHasThemMeasured() throws IOException {
    var metric = production.manifests().the(HorizontalPodAutoscaler.class).getSpec().getMetrics();
    assertThat(metric).singleElement().extracting("type").isEqualTo("Pods");
    assertThat(Files.readString(GUIDE))
        .contains("seriesQuery: '" + metric.getFirst().getPods().getMetric().getName() + "{");
  }

  @Test
  void productionLosesNoMoreThanItsShareWithAZone() {
    assertThat(production.pod().getTopologySpreadConstraints().getFirst())
        .extracting("whenUnsatisfiable", "nodeTaintsPolicy")
        .containsExactly("DoNotSchedule", "Honor");
  }

  @Test
  void productionBringsNoKeysAndRunsInNoOtherProfile() {
    assertThat(production.manifests().all(Secret.class)).isEmpty();
    assertThat(production.env()).doesNotContainKey("QUARKUS_PROFILE");
    assertThat(local.env()).containsEntry("QUARKUS_PROFILE", "sandbox");
  }

  /** What the standard asks of each container, and that none of it undoes what its pod says. */
  private static void isRestricted(SecurityContext context) {
    assertThat(context.getAllowPrivilegeEscalation()).isFalse();
    assertThat(context.getReadOnlyRootFilesystem()).isTrue();
    assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(context.getCapabilities().getAdd()).isEmpty();
    assertThat(context)
        .extracting("privileged", "procMount", "runAsNonRoot", "runAsUser", "seccompProfile")
        .containsOnlyNulls();
  }

  private static Stream<String> nameAndKeys(SecretProjection secret) {
    return Stream.concat(
        Stream.of(secret.getName()), secret.getItems().stream().map(KeyToPath::getKey));
  }

  private static boolean isPath(String variable) {
    return Optional.ofNullable(Deployment.properties().get(variable))
        .filter(property -> property.getReturnType() == Path.class)
        .isPresent();
  }

  private static boolean hasKubectl() {
    Predicate<String> holdsIt = directory -> Files.isExecutable(Path.of(directory, "kubectl"));
    return Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(holdsIt);
  }

  private static List<ObjectNode> kustomize(Path directory) throws Exception {
    Process kubectl =
        new ProcessBuilder(
                List.of(
                    "kubectl",
                    "kustomize",
                    "--load-restrictor=LoadRestrictionsNone",
                    directory.toString()))
            .redirectErrorStream(true)
            .start();
    String built = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(kubectl.waitFor()).as(built).isZero();
    return Kustomization.documents(built);
  }

  private static Map<String, JsonNode> byName(List<ObjectNode> objects) {
    Map<String, JsonNode> byName = new TreeMap<>();
    for (ObjectNode object : objects) {
      String kind = object.path("kind").asText();
      String name = kind + " " + object.at("/metadata/name").asText();
      byName.put(name, kind.equals("Secret") ? hashed(object) : object);
    }
    assertThat(byName).hasSameSizeAs(objects);
    return byName;
  }

  /** Keys belong in no message, not even a test's. */
  private static JsonNode hashed(ObjectNode secret) {
    ObjectNode hashed = secret.deepCopy();
    ObjectNode data = hashed.withObject("/data");
    secret
        .path("data")
        .properties()
        .forEach(key -> data.put(key.getKey(), hash(key.getValue().asText())));
    return hashed;
  }

  private static String hash(String base64) {
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(base64);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
