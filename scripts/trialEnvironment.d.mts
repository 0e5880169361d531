type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of `npm start`: nothing in it leads out of the trial's own folder. */
export function trialEnvironment(environment: Environment, home: string, namespace: string): Environment;
