// Each cluster has threads of its own with short timers: several at once would only make each other late.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
